import { Waypoints } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { clock, nanoToMs, shortId } from '#components/format/time.ts';
import { cn } from '#components/ui/cn.ts';
import { ServiceName } from '#components/ui/service-name.tsx';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { keyFields } from './key-fields.ts';
import { SeverityWord } from './severity.tsx';

export const rowHeight = 22;

/** Columns of header and rows: time, severity, service, message, trace. */
export const rowColumns =
  'grid grid-cols-[92px_52px_104px_minmax(0,1fr)_92px] items-center gap-x-2 px-4 max-md:grid-cols-[58px_48px_82px_minmax(0,1fr)] max-md:gap-x-1.5 max-md:px-2';

export type LogRowProps = {
  log: LogRecord;
  colour: number | null;
  id: string;
  /** One-based, of all rows. */
  index: number;
  top: number;
  state: 'selected' | 'marked' | null;
  onOpen: (id: string) => void;
};

/** One line, 22 px. The trace link is for the mouse; by keyboard it is in the panel. */
export const LogRow = memo(function LogRow({ log, colour, id, index, top, state, onOpen }: LogRowProps) {
  const atMs = nanoToMs(log.timeUnixNano);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles Enter for its active row
    // biome-ignore lint/a11y/useSemanticElements: rows of a table cannot be placed one by one
    <div
      role="row"
      id={id}
      aria-rowindex={index}
      aria-selected={state === 'selected'}
      data-state={state ?? undefined}
      style={{ transform: `translateY(${top}px)`, height: rowHeight }}
      className={cn(
        rowColumns,
        'absolute inset-x-0 top-0 cursor-default text-sm hover:bg-raised',
        state === 'selected' && 'bg-raised',
        state !== null && 'outline outline-1 -outline-offset-1 outline-accent',
      )}
      onClick={() => {
        // Whoever marks text wants to copy it.
        if (window.getSelection()?.isCollapsed !== false) onOpen(log.id);
      }}
    >
      <Cell className="font-mono whitespace-nowrap text-tertiary tabular-nums">
        {clock(atMs, 0)}
        <span className="max-md:hidden">{clock(atMs).slice(8)}</span>
      </Cell>
      <Cell>
        <SeverityWord severity={log.severity} />
      </Cell>
      <Cell className="overflow-hidden">
        <ServiceName name={log.service} colour={colour} className="max-w-full gap-1.5 align-top" />
      </Cell>
      <Cell className="truncate font-mono">
        {log.body}
        {keyFields(log).map(({ name, value }) => (
          <span key={name} className="ml-3">
            <span className="text-tertiary">{name}=</span>
            <span className="text-secondary">{value}</span>
          </span>
        ))}
      </Cell>
      <Cell className="flex justify-end max-md:hidden">
        {log.traceId ? (
          <Link
            href={`/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`}
            prefetch={false}
            tabIndex={-1}
            aria-label={`Trace ${log.traceId}`}
            className="inline-flex items-center gap-1 rounded-sm px-1 font-mono text-secondary hover:text-foreground hover:underline"
            onClick={(event) => event.stopPropagation()}
          >
            <Waypoints className="size-3.5 stroke-[1.5]" aria-hidden />
            {shortId(log.traceId)}
          </Link>
        ) : null}
      </Cell>
    </div>
  );
});

function Cell({ className, children }: { className?: string; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
    // biome-ignore lint/a11y/useSemanticElements: see the row
    <div role="gridcell" className={className}>
      {children}
    </div>
  );
}
