'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { OrderView } from '#contracts/http/history.ts';
import { useTRPC } from '../../_client/trpc.ts';

/** The saga as orders holds it, read again with every event of the order; null while it is not known. */
export function useSaga(order: OrderView, events: number) {
  const trpc = useTRPC();
  const saga = useQuery(trpc.orders.saga.queryOptions({ id: order.id }, { retry: false }));
  const { refetch } = saga;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another event is the reason to read again
  useEffect(() => void refetch(), [refetch, events]);
  return saga.data ?? null;
}
