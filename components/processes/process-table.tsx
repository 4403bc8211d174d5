'use client';

import Link from 'next/link';
import { useRef } from 'react';
import { seriesBands } from '#components/chaos/fault-bands.ts';
import { Injected, injectedText } from '#components/chaos/injected.tsx';
import { duration, uptime } from '#components/format/duration.ts';
import { bytes, percent, perSecond } from '#components/format/number.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { cn } from '#components/ui/cn.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Sparkline } from '#components/ui/sparkline.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';
import { ProcessMenu } from './process-menu.tsx';
import { ProcessStateLabel, stateWord } from './process-state.tsx';
import { ProcessStateNote } from './process-state-note.tsx';

export type ServiceRed = RedResult['services'][number];

export type ProcessTableProps = {
  processes: readonly ProcessStatus[];
  /** Rates by process name; a process that answers no requests has none. */
  red: ReadonlyMap<string, ServiceRed>;
  colours: ReadonlyMap<string, number | null>;
  /** Faults that are on and those that were. */
  faults: readonly FaultRun[];
  selected: string | null;
  /** Address that opens a process in the side panel. */
  hrefOf: (name: string) => string;
  onSelect: (name: string) => void;
  onAction: (name: string, action: ProcessAction) => void;
};

/** Above this share of failed requests the figure is drawn as an error. */
const loudErrorRatio = 0.01;
/** Latency from which the figure is drawn as a warning: the guide's objective, p95 < 200 ms. */
const slowMs = 200;

/** One row per process: is it well, how long, how busy. */
export function ProcessTable(props: ProcessTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  useListKeys(body);
  return (
    <Table label="Processes">
      <TableHead>
        <tr>
          <TableHeader>Process</TableHeader>
          <TableHeader className="md:min-w-36">State</TableHeader>
          <TableHeader numeric>Rate</TableHeader>
          <TableHeader numeric>Errors</TableHeader>
          <TableHeader numeric>p95</TableHeader>
          <TableHeader numeric className={secondary}>
            Uptime
          </TableHeader>
          <TableHeader numeric className={secondary}>
            Restarts
          </TableHeader>
          <TableHeader numeric className={secondary}>
            CPU
          </TableHeader>
          <TableHeader numeric className={secondary}>
            Memory
          </TableHeader>
          <TableHeader numeric className={tertiary}>
            Port
          </TableHeader>
          <TableHeader numeric className={tertiary}>
            PID
          </TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <tbody ref={body}>
        {props.processes.map((process) => (
          <ProcessRow {...props} key={process.name} process={process} red={props.red.get(process.name) ?? null} />
        ))}
      </tbody>
    </Table>
  );
}

const secondary = '@max-[860px]:hidden';
const tertiary = '@max-[1020px]:hidden';

function ProcessRow(props: Omit<ProcessTableProps, 'red'> & { process: ProcessStatus; red: ServiceRed | null }) {
  const { process, red, colours, faults, selected, hrefOf, onSelect, onAction } = props;
  const now = useNow(1000);
  const upMs =
    process.readyAt !== null && process.pid !== null && now !== null ? now - Date.parse(process.readyAt) : null;
  const ports = Object.values(process.ports);
  return (
    <TableRow data-selected={selected === process.name} onClick={() => onSelect(process.name)}>
      <TableCell>
        <Link
          href={hrefOf(process.name)}
          scroll={false}
          data-list-item
          aria-current={selected === process.name ? 'true' : undefined}
          onClick={(event) => event.stopPropagation()}
          // While a panel is open it follows j and k.
          onFocus={() => selected !== null && selected !== process.name && onSelect(process.name)}
          className="inline-flex rounded-sm py-0.5 font-medium hover:underline"
        >
          <ServiceName name={process.name} colour={colours.get(process.name) ?? null} />
        </Link>
      </TableCell>
      <TableCell>
        <span className="flex max-w-52 items-center gap-1.5">
          <ProcessStateLabel state={process.state} className="shrink-0" />
          <ProcessStateNote process={process} />
        </span>
      </TableCell>
      <TableCell numeric>
        {red ? (
          <span className="inline-flex items-center gap-2 align-middle">
            <Sparkline
              className="@max-[620px]:hidden"
              points={red.series.map((point) => point.ratePerSecond)}
              label={`Requests per second of ${process.name} over the last minute`}
              bands={seriesBands(faults, red.series, process.name)}
            />
            <Quantity of={{ value: perSecond(red.ratePerSecond), unit: '/s' }} className="min-w-11" />
          </span>
        ) : (
          <Quantity of={null} />
        )}
      </TableCell>
      <TableCell numeric className={cn(red && red.errorRatio >= loudErrorRatio && 'font-medium text-error')}>
        <Quantity of={red && red.count > 0 ? percent(red.errorRatio) : null} />
        <Injected text={red && injectedText(red)} className="@max-[620px]:hidden" />
      </TableCell>
      <TableCell numeric className={cn(red?.p95Ms != null && red.p95Ms >= slowMs && 'font-medium text-warn')}>
        <Quantity of={red?.p95Ms == null ? null : duration(red.p95Ms)} />
      </TableCell>
      <TableCell numeric className={secondary}>
        {upMs === null ? <Quantity of={null} /> : uptime(upMs)}
      </TableCell>
      <TableCell numeric className={cn(secondary, process.restarts === 0 && 'text-tertiary')}>
        {process.restarts}
      </TableCell>
      <TableCell numeric className={secondary}>
        <Quantity of={process.cpuPercent === null ? null : { value: process.cpuPercent.toFixed(1), unit: '%' }} />
      </TableCell>
      <TableCell numeric className={secondary}>
        <Quantity of={process.memoryBytes === null ? null : bytes(process.memoryBytes)} />
      </TableCell>
      <TableCell numeric className={cn(tertiary, 'font-mono text-secondary')}>
        {ports.length > 0 ? ports.join(' ') : <Quantity of={null} />}
      </TableCell>
      <TableCell numeric className={cn(tertiary, 'font-mono text-secondary')}>
        {process.pid ?? <Quantity of={null} />}
      </TableCell>
      {/* The menu must not open the row. */}
      <TableCell className="w-10 text-right" onClick={(event) => event.stopPropagation()}>
        <ProcessMenu process={process} onAction={onAction} />
      </TableCell>
    </TableRow>
  );
}

/** A sentence for the whole: `all 14 running` or `11 of 14 running, 1 crash loop`. */
export function processSummary(processes: readonly ProcessStatus[]): string {
  const running = processes.filter(({ state }) => state === 'running').length;
  if (running === processes.length) return `all ${processes.length} running`;
  const others = new Map<string, number>();
  for (const { state } of processes) {
    if (state !== 'running') others.set(stateWord(state), (others.get(stateWord(state)) ?? 0) + 1);
  }
  return [`${running} of ${processes.length} running`, ...[...others].map(([word, n]) => `${n} ${word}`)].join(', ');
}
