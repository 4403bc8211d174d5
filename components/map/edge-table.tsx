'use client';

import { CircleAlert, CircleHelp, Zap } from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import { armHref } from '#components/chaos/arm-href.ts';
import { Injected, injectedText } from '#components/chaos/injected.tsx';
import { duration } from '#components/format/duration.ts';
import { percent, perSecond } from '#components/format/number.ts';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { cn } from '#components/ui/cn.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Table, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { EdgeProtocol } from '#contracts/sandbox/topology.ts';
import { edgeTarget } from './fault-marks.ts';
import type { MapEdge } from './map-model.ts';

const protocols: Record<EdgeProtocol, string> = {
  http: 'HTTP',
  grpc: 'gRPC',
  postgres: 'SQL',
  'kafka-produce': 'message',
  'kafka-consume': 'message',
  otlp: 'OTLP',
  control: 'control',
};

export type EdgeTableProps = {
  label: string;
  edges: readonly MapEdge[];
  colours: ReadonlyMap<string, number | null>;
  /** Faults that are on, in words, by edge. */
  marks: ReadonlyMap<string, string>;
  /** Seen from this place only the other end is named. */
  from?: string;
  onSelect: (id: string) => void;
};

/** Edges with their traffic, as rows: the map without the picture. */
export function EdgeTable({ label, edges, colours, marks, from, onSelect }: EdgeTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  return (
    <Table label={label}>
      <TableHead>
        <tr>
          <TableHeader>{from === undefined ? 'From' : 'Peer'}</TableHeader>
          {from === undefined ? <TableHeader>To</TableHeader> : null}
          <TableHeader className="@max-[480px]:hidden">How</TableHeader>
          <TableHeader numeric>Rate</TableHeader>
          <TableHeader numeric>Errors</TableHeader>
          <TableHeader numeric>p95</TableHeader>
          {from === undefined ? <TableHeader className="@max-[860px]:hidden">What</TableHeader> : null}
          <TableHeader>
            <span className={from === undefined ? '@max-[620px]:sr-only' : 'sr-only'}>Fault</span>
          </TableHeader>
        </tr>
      </TableHead>
      <tbody ref={body}>
        {from === undefined ? <Keys body={body} /> : null}
        {edges.map((edge) => (
          <EdgeRow key={edge.id} edge={edge} colours={colours} marks={marks} from={from} onSelect={onSelect} />
        ))}
      </tbody>
    </Table>
  );
}

/** j and k belong to the table that is the page, not to the one in the panel. */
function Keys({ body }: { body: Parameters<typeof useListKeys>[0] }) {
  useListKeys(body);
  return null;
}

function EdgeRow({
  edge,
  colours,
  marks,
  from,
  onSelect,
}: Omit<EdgeTableProps, 'label' | 'edges'> & { edge: MapEdge }) {
  const { red, expected } = edge;
  const busy = red !== null && red.count > 0;
  const peer = (id: string) => (
    <button
      type="button"
      data-list-item
      className="inline-flex h-6 max-w-full items-center rounded-sm hover:underline"
      onClick={() => onSelect(id)}
    >
      <ServiceName name={id} colour={colours.get(id) ?? null} />
    </button>
  );
  return (
    <TableRow className={busy ? undefined : 'text-tertiary'}>
      <TableCell>
        <span className="flex items-center gap-1.5">
          {from === undefined ? (
            peer(edge.from)
          ) : (
            <>
              <span className="w-6 shrink-0 text-tertiary">{edge.from === from ? 'to' : 'from'}</span>
              {peer(edge.from === from ? edge.to : edge.from)}
            </>
          )}
          {expected ? null : (
            <span title="Not in the topology" className="inline-flex items-center gap-1 text-warn">
              <CircleHelp className="size-3.5 stroke-2" aria-hidden />
              unexpected
            </span>
          )}
        </span>
      </TableCell>
      {from === undefined ? <TableCell>{peer(edge.to)}</TableCell> : null}
      <TableCell className="text-secondary @max-[480px]:hidden">{protocols[edge.protocol]}</TableCell>
      <TableCell numeric>
        <Quantity of={busy ? { value: perSecond(red.ratePerSecond), unit: '/s' } : null} />
      </TableCell>
      <TableCell numeric className={cn(busy && red.errorRatio >= 0.01 && 'font-medium text-error')}>
        {busy && red.errorRatio >= 0.01 ? <CircleAlert className="mr-1 inline size-3.5 stroke-2" aria-hidden /> : null}
        <Quantity of={busy ? percent(red.errorRatio) : null} />
        <Injected text={busy ? injectedText(red) : null} />
      </TableCell>
      <TableCell numeric>
        <Quantity of={busy && red.p95Ms !== null ? duration(red.p95Ms) : null} />
      </TableCell>
      {from === undefined ? (
        <TableCell className="text-secondary @max-[860px]:hidden">
          {edge.description ?? 'observed, not in the topology'}
        </TableCell>
      ) : null}
      <TableCell>
        <FaultCell edge={edge} fault={marks.get(edge.id) ?? null} named={from === undefined} />
      </TableCell>
    </TableRow>
  );
}

/** The fault that is on an edge, or the way to arm one. As wide with one as without. */
function FaultCell({ edge, fault, named }: { edge: MapEdge; fault: string | null; named: boolean }) {
  const target = edgeTarget(edge);
  if (target === null) return null;
  const way = `${edge.from} → ${edge.to}`;
  return (
    <Link
      href={armHref({ target })}
      title={fault === null ? 'Arm a fault…' : `Fault on purpose: ${fault}`}
      aria-label={fault === null ? `Arm a fault on ${way}` : `${fault} is on ${way}`}
      className={cn(
        'inline-flex h-6 min-w-6 items-center gap-1 rounded-sm px-1 align-middle hover:bg-raised hover:text-foreground',
        fault === null ? 'text-tertiary' : 'text-fault',
        named && 'w-36 @max-[620px]:w-6',
      )}
    >
      <Zap className={cn('size-3.5 shrink-0 stroke-[1.5]', fault !== null && 'fill-current')} aria-hidden />
      {named ? <span className="truncate @max-[620px]:hidden">{fault}</span> : null}
    </Link>
  );
}
