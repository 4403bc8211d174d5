'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { CapturedLines, ProcessPanel } from '#components/processes/process-panel.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import { useTRPC } from './_client/trpc.ts';
import { useProcessAction } from './_client/use-process-action.ts';
import { ReadModelDetail } from './read-model-detail.tsx';

/** The panel of one process, with what it printed last: read again whenever its state or pid changes. */
export function ProcessDetail({ process, onClose }: { process: ProcessStatus; onClose: () => void }) {
  const { name, state, pid } = process;
  const trpc = useTRPC();
  const act = useProcessAction();
  const topology = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const lines = useQuery(trpc.processes.lines.queryOptions({ name, lines: 100 }));
  const { refetch } = lines;
  // biome-ignore lint/correctness/useExhaustiveDependencies: state and pid are the reason to read again
  useEffect(() => void refetch(), [refetch, state, pid]);
  return (
    <SidePanel kind="process" label={`Process ${name}`} title={name} onClose={onClose}>
      <ProcessPanel
        process={process}
        description={topology.data?.processes.find((one) => one.name === name)?.description ?? null}
        onAction={act}
        special={name === 'history' ? { title: 'Read model', body: <ReadModelDetail /> } : null}
        output={
          lines.isPending ? (
            <Skeleton className="h-24" />
          ) : lines.isError && !lines.data ? (
            <ErrorState
              title="Output cannot be read"
              detail={lines.error.message}
              onRetry={() => void lines.refetch()}
            />
          ) : lines.data.length === 0 ? (
            <EmptyState title="It has not printed anything yet" className="py-4" />
          ) : (
            <CapturedLines lines={lines.data} name={name} />
          )
        }
      />
    </SidePanel>
  );
}
