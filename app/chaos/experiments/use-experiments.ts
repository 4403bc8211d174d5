'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useToast } from '#components/ui/toast.tsx';
import type { ExperimentRun, ExperimentSummary } from '#contracts/sandbox/experiments.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useLive } from '../../_client/use-live.ts';

/** What is ready, the runs, and the one that is read; the one that goes on is kept current by the stream. */
export function useExperiments(wanted: string | null) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const ready = useQuery(trpc.experiments.ready.queryOptions());
  const runs = useQuery(trpc.experiments.runs.queryOptions());
  const shown = wanted ?? runs.data?.[0]?.run ?? null;
  const run = useQuery(trpc.experiments.run.queryOptions({ run: shown ?? '' }, { enabled: shown !== null }));
  const otherId = run.data?.comparison?.other ?? '';
  // The half without the pattern begins after the first: it is asked for once the list knows it.
  const knowsOther = (runs.data ?? []).some((known) => known.run === otherId);
  const other = useQuery(trpc.experiments.run.queryOptions({ run: otherId }, { enabled: knowsOther }));
  const put = (state: ExperimentRun) => {
    queryClient.setQueryData(trpc.experiments.run.queryKey({ run: state.run }), state);
    queryClient.setQueryData(trpc.experiments.runs.queryKey(), (before) => withRun(before ?? [], state));
  };
  const live = useLive(
    trpc.experiments.stream.subscriptionOptions(
      {},
      {
        // What happened while nobody listened is in the list, and in the runs that are read.
        onStarted: () => {
          void queryClient.invalidateQueries(trpc.experiments.runs.queryFilter());
          void queryClient.invalidateQueries(trpc.experiments.run.queryFilter());
        },
        onData: ({ data }) => put(data),
      },
    ),
  );
  const failed = (title: string) => (error: { message: string }) =>
    toast({ tone: 'error', title, detail: error.message });
  const start = useMutation(
    trpc.experiments.start.mutationOptions({ onSuccess: put, onError: failed('The experiment was not started') }),
  );
  const stop = useMutation(
    trpc.experiments.stop.mutationOptions({ onSuccess: put, onError: failed('The experiment was not stopped') }),
  );
  return { ready, runs, run, other, shown, live, start, stop };
}

/** Newest first; a run that is known is replaced. */
function withRun(runs: readonly ExperimentSummary[], state: ExperimentRun): ExperimentSummary[] {
  const { run, seed, phase, outcome, startedAt, endedAt, comparison, experiment, faults } = state;
  const hits = faults.reduce((sum, fault) => sum + (fault.run?.hits ?? 0), 0);
  const summary = { run, seed, phase, outcome, startedAt, endedAt, comparison, title: experiment.title, hits };
  const others = runs.filter((other) => other.run !== run);
  return [...others, summary].sort((a, b) => b.run.localeCompare(a.run));
}
