'use client';

import { useMutation } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import { useToast } from '#components/ui/toast.tsx';
import type { OrderView } from '#contracts/http/history.ts';
import { useTRPC } from '../../_client/trpc.ts';

/** Asks orders to undo an order, while that is possible; what follows is told by the story. */
export function CancelOrder({ order }: { order: Pick<OrderView, 'id' | 'status'> }) {
  const trpc = useTRPC();
  const toast = useToast();
  const cancelling = useMutation(
    trpc.orders.cancel.mutationOptions({
      onError: (error) => toast({ tone: 'error', title: 'Not cancelled', detail: error.message }),
    }),
  );
  const possible = order.status === 'created' || order.status === 'screened' || order.status === 'reserved';
  if (!possible) return null;
  return (
    <Button variant="danger" aria-disabled={cancelling.isPending} onClick={() => cancelling.mutate({ id: order.id })}>
      <Ban aria-hidden />
      {cancelling.isPending ? 'Cancelling…' : 'Cancel order'}
    </Button>
  );
}
