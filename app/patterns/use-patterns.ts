'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { titleOf } from '#components/patterns/pattern-groups.ts';
import { withStatus } from '#components/patterns/patterns-view.ts';
import { useToast } from '#components/ui/toast.tsx';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';

/** Patterns of all services, read once, then pushed. `down` says why they may be out of date. */
export function usePatterns() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const patterns = useQuery(trpc.patterns.list.queryOptions());
  const [down, setDown] = useState<string | null>(null);
  useLive(
    trpc.patterns.stream.subscriptionOptions(undefined, {
      onData: ({ data: batch }) => {
        for (const update of batch) {
          if (update.kind === 'source') setDown(update.down);
          else queryClient.setQueryData(trpc.patterns.list.queryKey(), update.services);
        }
      },
    }),
  );
  return { patterns, down };
}

/** Switches a pattern of a service on or off; a refusal is told as toast. */
export function usePatternSwitch() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation(
    trpc.patterns.set.mutationOptions({
      onSuccess: (status, { service }) => {
        queryClient.setQueryData(
          trpc.patterns.list.queryKey(),
          (before) => before && withStatus(before, service, status),
        );
      },
      onError: (error, { service, pattern, enabled }) =>
        toast({
          tone: 'error',
          title: `${titleOf(pattern)} in ${service} was not switched ${enabled ? 'on' : 'off'}`,
          detail: error.message,
        }),
    }),
  );
}

/** Replays a parked key; what becomes of it arrives by the stream. */
export function useReplay() {
  const trpc = useTRPC();
  const toast = useToast();
  return useMutation(
    trpc.patterns.replay.mutationOptions({
      onSuccess: ({ key, messages }) =>
        toast({ tone: 'info', title: `Key ${key} is replayed`, detail: `${messages} messages, one after the other.` }),
      onError: (error, { key }) =>
        toast({ tone: 'error', title: `Key ${key} was not replayed`, detail: error.message }),
    }),
  );
}
