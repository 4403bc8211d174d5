'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { keepNewest, type LiveTraces, takeIn } from '#components/traces/live-list.ts';
import type { TraceSearchResult, TraceSummary } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';
import type { Range } from './search-params.ts';

const most = 200;

type Found = TraceSearchResult;

type ListFilter = { q: string; range: Range; sort: 'start' | 'duration'; background: boolean };

/** The searched list, kept up to date by the stream. While `hold` is set new traces wait to be asked for. */
export function useTraceList(filter: ListFilter, hold: boolean) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { queryKey, ...options } = trpc.traces.list.queryOptions(filter);
  const list = useQuery({
    ...options,
    queryKey,
    structuralSharing: (before, answer) => {
      const [old, fresh] = [before as Found | undefined, answer as Found];
      return old ? { ...fresh, traces: keepNewest(old.traces, fresh.traces, { sort: filter.sort, most }) } : fresh;
    },
  });
  const [held, setHeld] = useState<readonly TraceSummary[]>([]);
  const [down, setDown] = useState<string | null>(null);
  const heldNow = useRef<readonly TraceSummary[]>([]);
  const keep = (next: readonly TraceSummary[]) => {
    if (next === heldNow.current) return;
    heldNow.current = next;
    setHeld(next);
  };
  const { q, range, sort, background } = filter;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits belongs to the list that it waited for
  useEffect(() => keep([]), [q, range, sort, background]);

  const merge = (arrived: readonly TraceSummary[], held: boolean) => {
    const before = queryClient.getQueryData(queryKey);
    if (!before) return;
    const state: LiveTraces = { shown: before.traces, held: heldNow.current };
    const after = takeIn(state, arrived, { sort, hold: held, most });
    keep(after.held);
    if (after.shown === before.traces) return;
    queryClient.setQueryData(queryKey, { ...before, traces: [...after.shown] });
  };
  const { refetch } = list;
  useLive(
    trpc.traces.stream.subscriptionOptions(
      { q, background },
      {
        enabled: !list.isError || list.data !== undefined,
        onData: ({ data }) => {
          const arrived: TraceSummary[] = [];
          for (const item of data) {
            if ('kind' in item) {
              setDown(item.down);
              // What arrived before the stream was open is in the store.
              if (item.down === null) void refetch();
            } else arrived.push(item);
          }
          merge(arrived, hold);
        },
      },
    ),
  );
  // Back at the top nothing needs to wait any longer.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the change of `hold` releases
  useEffect(() => {
    if (!hold && heldNow.current.length > 0) merge([], false);
  }, [hold]);
  return { list, shown: list.data?.traces ?? [], held: held.length, release: () => merge([], false), down };
}
