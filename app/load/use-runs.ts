'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useToast } from '#components/ui/toast.tsx';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';

/** The runs, kept current by the stream, and what can be done with them. */
export function useRuns() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const key = trpc.load.runs.queryKey();
  const runs = useQuery(trpc.load.runs.queryOptions());
  const put = (run: LoadRun) => queryClient.setQueryData(key, (before) => withRun(before ?? [], run));
  const live = useLive(
    trpc.load.stream.subscriptionOptions(
      {},
      {
        // What happened while nobody listened is in the list.
        onStarted: () => void queryClient.invalidateQueries({ queryKey: key }),
        onData: ({ data }) => put(data),
      },
    ),
  );
  const failed = (title: string) => (error: { message: string }) =>
    toast({ tone: 'error', title, detail: error.message });
  const start = useMutation(
    trpc.load.start.mutationOptions({ onSuccess: put, onError: failed('The run was not started') }),
  );
  const changeRate = useMutation(
    trpc.load.changeRate.mutationOptions({ onSuccess: put, onError: failed('The rate was not changed') }),
  );
  const stop = useMutation(
    trpc.load.stop.mutationOptions({ onSuccess: put, onError: failed('The run was not stopped') }),
  );
  return { runs, live, start, changeRate, stop };
}

/** Newest first; a run that is known is replaced. */
function withRun(runs: readonly LoadRun[], run: LoadRun): LoadRun[] {
  const others = runs.filter((other) => other.run !== run.run);
  return [...others, run].sort((a, b) => b.run.localeCompare(a.run));
}
