'use client';

import { useMutation } from '@tanstack/react-query';
import { toBody } from '#components/orders/order-draft.ts';
import { type Preset, presets } from '#components/orders/presets.ts';
import { sagaStyles } from '#components/sagas/saga-styles.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useCustomers } from '../../orders/use-names.ts';

/** Places one basket twice, in each style once; `onPlaced` gets both ids, `problem` says why there are none. */
export function useTwins(preset: Preset['id'], onPlaced: (ids: Record<(typeof sagaStyles)[number], string>) => void) {
  const trpc = useTRPC();
  const { customers } = useCustomers();
  const placing = useMutation(trpc.orders.place.mutationOptions());
  const both = useMutation({
    mutationFn: async () => {
      const draft = presets.find(({ id }) => id === preset)?.draft;
      const customerId = customers[0]?.id;
      if (!draft || !customerId) throw new Error('The demo customers cannot be read.');
      const body = toBody({ customerId, ...draft });
      const answers = await Promise.all(
        sagaStyles.map((sagaStyle) =>
          placing.mutateAsync({ idempotencyKey: crypto.randomUUID(), draft: { ...body, sagaStyle } }),
        ),
      );
      const ids = answers.map((answer) => {
        if (answer.outcome === 'refused') throw new Error(answer.problem.detail);
        return answer.id;
      });
      return { choreography: ids[0] ?? '', orchestration: ids[1] ?? '' };
    },
    onSuccess: onPlaced,
  });
  return { place: () => both.mutate(), busy: both.isPending, problem: both.error?.message ?? null };
}
