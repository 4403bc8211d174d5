'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useRef } from 'react';
import { type OrderDraft, toBody } from '#components/orders/order-draft.ts';
import { useTRPC } from '../../_client/trpc.ts';

/**
 * Places an order and goes to its page. One intent is one basket: it has one idempotency key, made here, so a double
 * click and a try after a lost answer place one order. A changed basket is another intent.
 */
export function usePlacing(draft: OrderDraft) {
  const trpc = useTRPC();
  const router = useRouter();
  const intent = useRef<{ basket: string; key: string } | null>(null);
  const basket = JSON.stringify(toBody(draft));
  const placing = useMutation(
    trpc.orders.place.mutationOptions({
      onSuccess: (answer) => {
        if (answer.outcome === 'accepted') router.push(`/orders/${answer.id}`);
      },
    }),
  );
  const place = () => {
    if (intent.current?.basket !== basket) intent.current = { basket, key: crypto.randomUUID() };
    placing.mutate({ idempotencyKey: intent.current.key, draft: toBody(draft) });
  };
  // What was refused belongs to the basket that was refused.
  const refused =
    placing.data?.outcome === 'refused' && intent.current?.basket === basket ? placing.data.problem : null;
  const busy = placing.isPending || placing.data?.outcome === 'accepted';
  return { place, busy, refused, failed: placing.error?.message ?? null };
}
