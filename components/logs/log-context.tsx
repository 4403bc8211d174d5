'use client';

import { clock, nanoToMs } from '#components/format/time.ts';
import { cn } from '#components/ui/cn.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { SeverityWord } from './severity.tsx';

/** Lines around one, oldest first; the one itself is marked. Each opens. */
export function LogContext(props: {
  logs: readonly LogRecord[];
  current: string;
  /** The trace runs through several services, so their names are told. */
  withService: boolean;
  onSelect: (id: string) => void;
}) {
  const { logs, current, withService, onSelect } = props;
  return (
    <ol className="py-1">
      {logs.map((log) => (
        <li key={log.id}>
          <button
            type="button"
            aria-current={log.id === current ? 'true' : undefined}
            onClick={() => onSelect(log.id)}
            className={cn(
              'flex min-h-6 w-full items-center gap-2 px-4 text-left font-mono text-sm hover:bg-raised focus-visible:-outline-offset-2',
              log.id === current && 'bg-raised',
            )}
          >
            <span className="shrink-0 text-tertiary tabular-nums">{clock(nanoToMs(log.timeUnixNano))}</span>
            <SeverityWord severity={log.severity} className="w-10 shrink-0" />
            {withService ? (
              <span className="w-20 shrink-0 truncate font-sans text-secondary">{log.service}</span>
            ) : null}
            <span className={cn('min-w-0 truncate', log.id === current && 'font-medium')}>{log.body}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
