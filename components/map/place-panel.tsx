import { Zap } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { seriesBands } from '#components/chaos/fault-bands.ts';
import { Injected, injectedText } from '#components/chaos/injected.tsx';
import { duration } from '#components/format/duration.ts';
import { percent, perSecond } from '#components/format/number.ts';
import { ProcessButtons } from '#components/processes/process-menu.tsx';
import { ProcessStateLabel } from '#components/processes/process-state.tsx';
import { Button } from '#components/ui/button.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { Sparkline } from '#components/ui/sparkline.tsx';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import type { Red } from '#contracts/telemetry/query.ts';
import { EdgeTable } from './edge-table.tsx';
import type { FaultMarks } from './fault-marks.ts';
import type { MapEdge, MapNode } from './map-model.ts';

export type PlacePanelProps = {
  node: MapNode;
  /** Null for topics and strangers. */
  process: ProcessStatus | null;
  edges: readonly MapEdge[];
  colours: ReadonlyMap<string, number | null>;
  marks: FaultMarks;
  /** Faults that are on and those that were. */
  faults: readonly FaultRun[];
  onSelect: (id: string) => void;
  onAction: (name: string, action: ProcessAction) => void;
};

/** One place of the map: what it is, how it does, whom it talks to. */
export function PlacePanel({ node, process, edges, colours, marks, faults, onSelect, onAction }: PlacePanelProps) {
  const mark = marks.places.get(node.id);
  return (
    <div className="flex flex-col gap-4 py-4">
      <div className="flex flex-col gap-3 px-4">
        {process ? <ProcessStateLabel state={process.state} className="font-medium" /> : null}
        <p className="text-secondary">{about(node)}</p>
        <p className="flex min-h-5 items-center gap-1.5 text-sm text-secondary">
          {mark === undefined ? (
            <span className="text-tertiary">No fault is on it.</span>
          ) : (
            <>
              <Zap className="size-4 shrink-0 stroke-[1.5] text-fault" aria-hidden />
              On purpose: {mark}
            </>
          )}
        </p>
        {process ? <ProcessButtons process={process} onAction={onAction} /> : null}
        <div className="flex flex-wrap gap-1">
          <Door
            href={`/traces?q=${encodeURIComponent(node.kind === 'topic' ? `topic:${node.id}` : `service:${node.id}`)}`}
          >
            Its traces
          </Door>
          {node.kind === 'process' ? <Door href={`/logs?service=${node.id}`}>Its logs</Door> : null}
          {node.kind === 'process' ? <Door href={`/?process=${node.id}`}>The process</Door> : null}
        </div>
      </div>
      <section aria-label="Traffic" className="px-4">
        <h3 className="pb-1 text-sm font-medium text-tertiary">
          {node.kind === 'topic' ? 'Messages sent to it' : 'Requests and messages it served'}, last minute
        </h3>
        <Figures red={node.kind === 'process' ? node.red : node.kind === 'topic' ? node.produced : null} />
        {node.kind === 'process' && node.red?.series ? (
          <Sparkline
            className="mt-2 h-8 w-full"
            points={node.red.series.map(({ ratePerSecond }) => ratePerSecond)}
            label={`Rate of ${node.id} over the last minute`}
            bands={seriesBands(faults, node.red.series, node.id)}
          />
        ) : null}
      </section>
      <section aria-label="Edges">
        <h3 className="px-4 text-sm font-medium text-tertiary">Edges</h3>
        {edges.length === 0 ? (
          <p className="px-4 pt-1 text-sm text-tertiary">None.</p>
        ) : (
          <EdgeTable
            label={`Edges of ${node.id}`}
            edges={edges}
            colours={colours}
            marks={marks.edges}
            from={node.id}
            onSelect={onSelect}
          />
        )}
      </section>
    </div>
  );
}

function about(node: MapNode): string {
  switch (node.kind) {
    case 'process':
      return node.description ?? '';
    case 'topic':
      return `${node.partitions} partitions, written by ${node.owner}: ${node.description ?? ''}`;
    case 'unknown':
      return 'Something called it, and the topology has no such process. Either the topology is out of date, or the call goes where it should not.';
    default:
      return node satisfies never;
  }
}

function Door({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button asChild>
      <Link href={href}>{children}</Link>
    </Button>
  );
}

/** Rate, errors and percentiles of a place or an edge. */
export function Figures({ red }: { red: Red | null }) {
  if (!red || red.count === 0) return <p className="text-sm text-tertiary">None.</p>;
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      <Fact term="Rate" of={{ value: perSecond(red.ratePerSecond), unit: '/s' }} />
      <Fact term="Errors" of={percent(red.errorRatio)} loud={red.errorRatio >= 0.01} more={injectedText(red)} />
      <Fact term="p50" of={red.p50Ms === null ? null : duration(red.p50Ms)} />
      <Fact term="p95" of={red.p95Ms === null ? null : duration(red.p95Ms)} />
      <Fact term="p99" of={red.p99Ms === null ? null : duration(red.p99Ms)} />
    </dl>
  );
}

function Fact({
  term,
  of,
  loud = false,
  more = null,
}: {
  term: string;
  of: { value: string; unit: string } | null;
  loud?: boolean;
  more?: string | null;
}) {
  return (
    <div className="flex items-center gap-1.5">
      <dt className="text-tertiary">{term}</dt>
      <dd className={loud ? 'font-medium text-error' : undefined}>
        <Quantity of={of} />
        <Injected text={more} />
      </dd>
    </div>
  );
}
