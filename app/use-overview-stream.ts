'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrderView } from '#contracts/http/history.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import { useTRPC } from './_client/trpc.ts';
import { useLive } from './_client/use-live.ts';

const latest = 12;

/** Keeps the overview's queries up to date; returns the sources that are down, with the reason. */
export function useOverviewStream(): ReadonlyMap<string, string> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [down, setDown] = useState<ReadonlyMap<string, string>>(new Map());
  const queriesOf = (source: string) => {
    switch (source) {
      case 'supervisor':
        return trpc.processes.pathFilter();
      case 'auditor':
        return trpc.audit.board.queryFilter();
      case 'telemetry':
        return trpc.overview.red.queryFilter();
      default:
        return trpc.overview.latestOrders.queryFilter();
    }
  };
  useLive(
    trpc.overview.stream.subscriptionOptions(undefined, {
      // Processes come whole with the stream; orders that moved while it was away do not.
      onStarted: () => void queryClient.invalidateQueries(trpc.overview.latestOrders.queryFilter()),
      onData: ({ data: batch }) => {
        for (const update of batch) {
          switch (update.kind) {
            case 'process':
              queryClient.setQueryData(trpc.processes.list.queryKey(), (before) => replace(before, update.process));
              break;
            case 'red':
              queryClient.setQueryData(trpc.overview.red.queryKey(), update.red);
              break;
            case 'board':
              queryClient.setQueryData(trpc.audit.board.queryKey(), update.board);
              break;
            case 'order':
              queryClient.setQueryData(trpc.overview.latestOrders.queryKey(), (before) => newest(before, update.order));
              break;
            case 'source':
              // Back again: what failed or was missed meanwhile is read once more.
              if (update.down === null) void queryClient.invalidateQueries(queriesOf(update.source));
              setDown((before) => {
                const after = new Map(before);
                if (update.down === null) after.delete(update.source);
                else after.set(update.source, update.down);
                return after;
              });
              break;
            default:
              update satisfies never;
          }
        }
      },
    }),
  );
  return down;
}

function replace(before: ProcessStatus[] | undefined, status: ProcessStatus): ProcessStatus[] | undefined {
  // Before the first answer there is no list to patch; the query brings it whole.
  if (!before) return before;
  if (!before.some(({ name }) => name === status.name)) return [...before, status];
  return before.map((process) => (process.name === status.name ? status : process));
}

function newest(before: OrderView[] | undefined, order: OrderView): OrderView[] | undefined {
  if (!before) return before;
  const others = before.filter(({ id }) => id !== order.id);
  // Ids are UUIDv7: their order is the order of time.
  return [...others, order].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, latest);
}
