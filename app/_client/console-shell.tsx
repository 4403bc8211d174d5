'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { ChaosBar } from '#components/chaos/chaos-bar.tsx';
import { OffBar } from '#components/patterns/off-bar.tsx';
import { AppShell } from '#components/shell/app-shell.tsx';
import type { Command } from '#components/shell/commands.ts';
import { useTRPC } from './trpc.ts';
import { useChaos, useChaosStream } from './use-chaos.ts';
import { useProcessAction } from './use-process-action.ts';
import { useSwitchedOff } from './use-switched-off.ts';

/** Connects the shell, which never fetches, to the server. */
export function ConsoleShell({ sidebarCollapsed, children }: { sidebarCollapsed: boolean; children: ReactNode }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const processes = useQuery(trpc.processes.list.queryOptions(undefined, { enabled: false }));
  const act = useProcessAction();
  const { state: chaos, stopAll, release } = useChaos();
  useChaosStream();
  const search = useCallback(
    async (text: string, signal: AbortSignal): Promise<readonly Command[]> => {
      const options = trpc.search.recent.queryOptions({ text });
      const found = await queryClient.fetchQuery({ ...options, staleTime: 2000, retry: false });
      if (signal.aborted) return [];
      return [
        ...found.orders.map(
          ({ id, status }): Command => ({
            kind: 'open',
            id: `open.order.${id}`,
            title: `Order, ${status}`,
            note: id,
            group: 'Open',
            href: `/orders/${id}`,
          }),
        ),
        ...found.traces.map(
          ({ traceId, rootName, rootService }): Command => ({
            kind: 'open',
            id: `open.trace.${traceId}`,
            title: `Trace, ${rootService} ${rootName}`,
            note: traceId,
            group: 'Open',
            href: `/traces/${traceId}`,
          }),
        ),
      ];
    },
    [trpc, queryClient],
  );
  return (
    <AppShell
      sidebarCollapsed={sidebarCollapsed}
      processes={processes.data ?? []}
      onPaletteOpen={() => void processes.refetch()}
      search={search}
      actOnProcess={act}
      actOnFaults={(does) => (does === 'stop-all' ? stopAll.mutate({}) : release.mutate())}
      notices={
        <>
          <ChaosBar
            state={chaos.data ?? null}
            onStopAll={() => stopAll.mutate({})}
            onRelease={() => release.mutate()}
          />
          <OffBar off={useSwitchedOff()} />
        </>
      }
    >
      {children}
    </AppShell>
  );
}
