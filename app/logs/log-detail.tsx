'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { LogContext } from '#components/logs/log-context.tsx';
import { LogPanel, type LogPanelProps } from '#components/logs/log-panel.tsx';
import { SeverityWord } from '#components/logs/severity.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../_client/trpc.ts';

export type LogDetailProps = Pick<LogPanelProps, 'onFilter' | 'canFilter'> & {
  id: string;
  /** The record, when the list has it. */
  known: LogRecord | null;
  colours: ReadonlyMap<string, number | null>;
  onSelect: (id: string | null) => void;
};

/** The open line: also when it came by link and the list does not show it. */
export function LogDetail({ id, known, colours, onSelect, ...filter }: LogDetailProps) {
  const trpc = useTRPC();
  const one = useQuery(
    trpc.logs.one.queryOptions({ id }, { enabled: known === null && /^\d{1,18}$/.test(id), retry: false }),
  );
  const log = known ?? one.data ?? null;
  const title = log ? (
    <span>
      <SeverityWord severity={log.severity} /> <span className="font-normal text-secondary">from</span> {log.service}
    </span>
  ) : (
    'Log line'
  );
  return (
    <SidePanel kind="log" label="Log line" title={title} onClose={() => onSelect(null)}>
      {log ? (
        <LogPanel
          log={log}
          colour={colours.get(log.service) ?? null}
          {...filter}
          context={<Around log={log} onSelect={onSelect} />}
        />
      ) : one.isLoading ? (
        <SkeletonRows rows={8} label="Loading the log line" />
      ) : (
        <EmptyState title="This line is not kept any more">
          {one.error?.message ?? `${id} is not the id of a log line.`}
        </EmptyState>
      )}
    </SidePanel>
  );
}

function Around({ log, onSelect }: { log: LogRecord; onSelect: (id: string) => void }) {
  const trpc = useTRPC();
  const [of, setOf] = useState<'service' | 'trace'>(log.traceId ? 'trace' : 'service');
  const shown = log.traceId ? of : 'service';
  const around = useQuery(trpc.logs.around.queryOptions({ id: log.id, of: shown }));
  return (
    <section aria-labelledby="log-context">
      <div className="flex items-center gap-2 px-4 pt-3 pb-1">
        <h3 id="log-context" className="mr-auto text-base font-semibold">
          Around it
        </h3>
        <Segmented
          aria-label="Lines around it"
          value={shown}
          onValueChange={setOf}
          options={[
            ...(log.traceId ? [{ value: 'trace' as const, label: 'Same trace' }] : []),
            { value: 'service' as const, label: 'Same service' },
          ]}
        />
      </div>
      {around.isPending ? (
        <SkeletonRows rows={6} label="Loading lines around it" />
      ) : around.isError && !around.data ? (
        <ErrorState title="Lines cannot be read" detail={around.error.message} onRetry={() => void around.refetch()} />
      ) : (
        <LogContext logs={around.data.logs} current={log.id} withService={shown === 'trace'} onSelect={onSelect} />
      )}
    </section>
  );
}
