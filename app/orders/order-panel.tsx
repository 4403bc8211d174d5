'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { OrderSummary } from '#components/orders/order-summary.tsx';
import { sagaSteps } from '#components/orders/saga.ts';
import { SagaList } from '#components/orders/saga-list.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView } from '#contracts/http/history.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useColours } from './use-names.ts';

/** Summary of the selected order. Its events are read again whenever the list says that it has moved. */
export function OrderPanel({ order, customer }: { order: OrderView; customer: string | null }) {
  const trpc = useTRPC();
  const colours = useColours();
  const story = useQuery(trpc.orders.timeline.queryOptions({ id: order.id }));
  const { refetch } = story;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later event is the reason to read again
  useEffect(() => void refetch(), [refetch, order.id, order.updatedAt]);
  return (
    <OrderSummary
      order={order}
      customer={customer}
      saga={
        story.isPending ? (
          <SkeletonRows rows={9} label="Loading steps" />
        ) : story.isError && !story.data ? (
          <ErrorState title="Steps cannot be read" detail={story.error.message} onRetry={() => void story.refetch()} />
        ) : (
          <SagaList steps={sagaSteps(order, story.data.timeline)} colours={colours} brief />
        )
      }
    />
  );
}
