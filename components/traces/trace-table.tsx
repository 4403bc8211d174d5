'use client';

import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import { memo, type Ref, useRef } from 'react';
import { Injected, injectedCountText } from '#components/chaos/injected.tsx';
import { duration } from '#components/format/duration.ts';
import { nanoToMs, shortId } from '#components/format/time.ts';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import { Growing } from './growing.tsx';
import { type Colours, ServiceChips } from './service-chips.tsx';

export type TraceTableProps = {
  traces: readonly TraceSummary[];
  colours: Colours;
  selected: string | null;
  /** Address that opens a trace in the side panel. */
  hrefOf: (traceId: string) => string;
  onSelect: (traceId: string) => void;
  ref?: Ref<HTMLTableSectionElement>;
};

/** One row per trace. j and k move, Enter opens the panel; while it is open it follows. */
export function TraceTable({ traces, colours, selected, hrefOf, onSelect }: TraceTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  useListKeys(body);
  const longest = traces.reduce((most, { durationNano }) => Math.max(most, durationNano), 0);
  return (
    <Table label="Traces">
      <TableHead className="bg-canvas">
        <tr>
          <TableHeader>Start</TableHeader>
          <TableHeader>Root</TableHeader>
          <TableHeader>Duration</TableHeader>
          <TableHeader numeric className={narrow}>
            Spans
          </TableHeader>
          <TableHeader numeric>Errors</TableHeader>
          <TableHeader className={wide}>Services</TableHeader>
          <TableHeader className={middle}>Order</TableHeader>
        </tr>
      </TableHead>
      <tbody ref={body}>
        {traces.map((trace) => (
          <TraceRow
            key={trace.traceId}
            trace={trace}
            colours={colours}
            share={longest === 0 ? 0 : trace.durationNano / longest}
            selected={trace.traceId === selected}
            follows={selected !== null}
            href={hrefOf(trace.traceId)}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </Table>
  );
}

const wide = '@max-[1080px]:hidden';
const middle = '@max-[560px]:hidden';
const narrow = '@max-[440px]:hidden';

type RowProps = {
  trace: TraceSummary;
  colours: Colours;
  share: number;
  selected: boolean;
  follows: boolean;
  href: string;
  onSelect: (traceId: string) => void;
};

const TraceRow = memo(function TraceRow({ trace, colours, share, selected, follows, href, onSelect }: RowProps) {
  const { traceId, errorCount } = trace;
  return (
    <TableRow data-selected={selected} onClick={() => onSelect(traceId)}>
      <TableCell className="w-0 text-secondary">
        <LocalTime atMs={nanoToMs(trace.startUnixNano)} />
      </TableCell>
      <TableCell className="max-w-0 min-w-40">
        <Link
          href={href}
          scroll={false}
          data-list-item
          aria-current={selected ? 'true' : undefined}
          onClick={(event) => {
            event.stopPropagation();
            if (event.metaKey || event.ctrlKey || event.shiftKey) return;
            event.preventDefault();
            onSelect(traceId);
          }}
          onFocus={() => follows && !selected && onSelect(traceId)}
          className="flex min-w-0 items-center gap-2 rounded-sm py-0.5 hover:underline"
        >
          <ServiceName
            name={trace.rootService}
            colour={colours.get(trace.rootService) ?? null}
            className="shrink-0 text-secondary"
          />
          <span className="truncate font-medium">{trace.rootName}</span>
          {trace.rootMissing ? <span className="shrink-0 text-tertiary">root missing</span> : null}
        </Link>
      </TableCell>
      <TableCell className="w-0">
        <span className="flex items-center gap-2">
          <DurationBar share={share} failed={errorCount > 0} />
          <Quantity of={duration(trace.durationNano / 1e6)} className="min-w-14 text-right font-mono" />
          <Growing lastArrivalMs={trace.lastArrivalMs} compact />
        </span>
      </TableCell>
      <TableCell numeric className={`w-0 ${narrow}`}>
        {trace.spanCount}
      </TableCell>
      <TableCell numeric className="w-0">
        {errorCount > 0 ? (
          <span className="inline-flex items-center gap-1 align-middle font-medium text-error">
            <CircleAlert className="size-3.5 stroke-2" aria-hidden />
            {errorCount}
            <Injected text={injectedCountText(trace.injectedCount)} className="@max-[700px]:hidden" />
          </span>
        ) : (
          <span className="text-tertiary">0</span>
        )}
      </TableCell>
      <TableCell className={`w-0 ${wide}`}>
        <ServiceChips services={trace.services} colours={colours} most={4} />
      </TableCell>
      <TableCell className={`w-0 ${middle}`} onClick={(event) => event.stopPropagation()}>
        {trace.orderId ? (
          <Link
            href={`/orders/${trace.orderId}`}
            title={trace.orderId}
            className="rounded-sm font-mono text-accent hover:underline"
          >
            {shortId(trace.orderId)}
          </Link>
        ) : (
          <Quantity of={null} />
        )}
      </TableCell>
    </TableRow>
  );
});

/** Length relative to the longest of the list. The figure stands beside it. */
function DurationBar({ share, failed }: { share: number; failed: boolean }) {
  return (
    <span aria-hidden className="flex h-2 w-28 overflow-hidden rounded-[2px] bg-raised @max-[700px]:hidden">
      <span
        className={failed ? 'bg-error' : 'bg-border-strong'}
        style={{ width: `${Math.max(1.5, share * 100).toFixed(1)}%` }}
      />
    </span>
  );
}
