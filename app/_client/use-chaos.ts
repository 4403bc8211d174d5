'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useToast } from '#components/ui/toast.tsx';
import type { ChaosState, FaultRun } from '#contracts/sandbox/chaos.ts';
import { useTRPC } from './trpc.ts';
import { useLive } from './use-live.ts';

/** What is on, and the two levers that every page has. The stream is the shell's: see `useChaosStream`. */
export function useChaos() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const key = trpc.chaos.state.queryKey();
  const state = useQuery(trpc.chaos.state.queryOptions());
  const failed = (title: string) => (error: { message: string }) =>
    toast({ tone: 'error', title, detail: error.message });
  const stopAll = useMutation(
    trpc.chaos.stopAll.mutationOptions({
      onSuccess: (after) => queryClient.setQueryData(key, after),
      onError: failed('Faults could not be stopped'),
    }),
  );
  const release = useMutation(
    trpc.chaos.release.mutationOptions({
      onSuccess: (after) => queryClient.setQueryData(key, after),
      onError: failed('Faults could not be released'),
    }),
  );
  return { state, stopAll, release };
}

/** Faults that are on and those that were, newest first, for what marks them; the shell keeps it current. */
export function useFaults(): readonly FaultRun[] {
  return useQuery(useTRPC().chaos.state.queryOptions()).data?.faults ?? none;
}

const none: readonly FaultRun[] = [];

/**
 * Keeps the state current, once for the whole console. Pausing live data does not pause it: whoever looks at a frozen
 * chart must still see that a fault is on.
 */
export function useChaosStream(): void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const onData = ({ data }: { data: ChaosState }) => queryClient.setQueryData(trpc.chaos.state.queryKey(), data);
  useLive(trpc.chaos.stream.subscriptionOptions(undefined, { onData }), { quiet: true });
}
