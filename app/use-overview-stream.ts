'use client';

import { type Query, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { latestOrders } from '#components/orders/order-list.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import { useTRPC } from './_client/trpc.ts';
import { useLive } from './_client/use-live.ts';

/** Keeps the overview's queries up to date; returns the sources that are down, with the reason. */
export function useOverviewStream(): ReadonlyMap<string, string> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [down, setDown] = useState<ReadonlyMap<string, string>>(new Map());
  /** Orders that moved before history's stream was open are in the list. Others begin with all that there is. */
  const missedOf = (source: string) => {
    const failed = { predicate: ({ state }: Query) => state.status === 'error' };
    switch (source) {
      case 'supervisor':
        return { ...trpc.processes.pathFilter(), ...failed };
      case 'auditor':
        return { ...trpc.audit.board.queryFilter(), ...failed };
      case 'telemetry':
        return { ...trpc.overview.red.queryFilter(), ...failed };
      default:
        return trpc.overview.latestOrders.queryFilter();
    }
  };
  useLive(
    trpc.overview.stream.subscriptionOptions(undefined, {
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
              queryClient.setQueryData(trpc.overview.latestOrders.queryKey(), (before) =>
                latestOrders(before, [update.order]),
              );
              break;
            case 'source':
              if (update.down === null) void queryClient.invalidateQueries(missedOf(update.source));
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
