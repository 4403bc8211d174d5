import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { CircleHelp, ListOrdered } from 'lucide-react';
import { memo } from 'react';
import { Injected, injectedText } from '#components/chaos/injected.tsx';
import { duration, durationText } from '#components/format/duration.ts';
import { percent, perSecond } from '#components/format/number.ts';
import { ProcessStateLabel, stateWord } from '#components/processes/process-state.tsx';
import { cn } from '#components/ui/cn.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import type { ProcessKind } from '#contracts/sandbox/topology.ts';
import type { Red } from '#contracts/telemetry/query.ts';
import { FaultMark } from './fault-mark.tsx';
import type { MapNode } from './map-model.ts';

export type MapFlowNode = Node<
  {
    node: MapNode;
    /** Fault that is on it, in words. */
    fault: string | null;
    faded: boolean;
    selected: boolean;
    onSelect: (id: string) => void;
    onLook: (id: string | null) => void;
  },
  'place'
>;

/** One place as a button: hovering or focusing it isolates it, pressing it opens its panel. */
export const MapNodeView = memo(function MapNodeView({ data }: NodeProps<MapFlowNode>) {
  const { node, fault, faded, selected, onSelect, onLook } = data;
  return (
    <>
      <Handle
        type="target"
        position={Position.Left}
        isConnectable={false}
        aria-hidden
        className="pointer-events-none opacity-0"
      />
      <button
        type="button"
        data-list-item
        data-place={node.id}
        aria-pressed={selected}
        aria-label={fault === null ? placeLabel(node) : `${placeLabel(node)}, fault on purpose: ${fault}`}
        onClick={() => onSelect(node.id)}
        onFocus={() => onLook(node.id)}
        onBlur={() => onLook(null)}
        onMouseEnter={() => onLook(node.id)}
        onMouseLeave={() => onLook(null)}
        className={cn(
          'nopan pointer-events-auto relative flex size-full flex-col justify-center border bg-surface px-3 text-left transition-[opacity,border-color] hover:border-border-strong',
          shapes[node.kind],
          selected
            ? 'border-accent hover:border-accent'
            : fault !== null
              ? 'border-fault hover:border-fault'
              : node.kind === 'unknown'
                ? ''
                : 'border-border',
          faded && 'opacity-30',
        )}
      >
        <Content node={node} />
        {fault === null ? null : <FaultMark text={fault} className="-top-2.5 left-2 max-w-[calc(100%-1rem)]" />}
      </button>
      <Handle
        type="source"
        position={Position.Right}
        isConnectable={false}
        aria-hidden
        className="pointer-events-none opacity-0"
      />
    </>
  );
});

const shapes: Record<MapNode['kind'], string> = {
  process: 'rounded-lg',
  topic: 'rounded-full px-3.5',
  unknown: 'rounded-lg border-dashed border-warn',
};

function Content({ node }: { node: MapNode }) {
  switch (node.kind) {
    case 'process':
      return (
        <>
          <span className="flex items-center gap-2">
            <ServiceName name={node.id} colour={node.colour} className="font-medium" />
            {node.state ? (
              <ProcessStateLabel
                state={node.state}
                className="ml-auto shrink-0 gap-1 text-sm text-secondary [&_svg]:size-3.5"
              />
            ) : null}
          </span>
          <Figures red={node.red} idle={idleWords[node.role] ?? 'no requests'} />
        </>
      );
    case 'topic':
      return (
        <span className="flex items-center gap-2">
          <ListOrdered className="size-3.5 shrink-0 stroke-[1.5] text-tertiary" aria-hidden />
          <span className="truncate text-sm font-medium">{node.id}</span>
          <span className="ml-auto shrink-0 text-sm">
            <Quantity
              of={node.produced?.count ? { value: perSecond(node.produced.ratePerSecond), unit: '/s' } : null}
            />
          </span>
        </span>
      );
    case 'unknown':
      return (
        <>
          <span className="flex items-center gap-2">
            <CircleHelp className="size-4 shrink-0 stroke-[1.5] text-warn" aria-hidden />
            <span className="truncate font-mono text-sm">{node.id}</span>
          </span>
          <span className="text-sm text-tertiary">not in the topology</span>
        </>
      );
    default:
      return node satisfies never;
  }
}

/** What is said of a process that serves no requests that could be counted. */
const idleWords: Partial<Record<ProcessKind, string>> = {
  database: 'no queries',
  broker: 'no messages',
  telemetry: 'spans and logs',
  console: 'this page',
};

function Figures({ red, idle }: { red: Red | null; idle: string }) {
  if (!red || red.count === 0) return <span className="text-sm text-tertiary">{idle}</span>;
  return (
    <span className="flex items-center gap-2 text-sm text-secondary">
      <Quantity of={{ value: perSecond(red.ratePerSecond), unit: '/s' }} />
      {red.errorRatio > 0 ? (
        <span className="font-medium text-error">
          <Quantity of={percent(red.errorRatio)} /> err
          <Injected text={injectedText(red)} />
        </span>
      ) : null}
      {red.p95Ms === null ? null : (
        <span className="ml-auto">
          <span className="text-tertiary">p95 </span>
          <Quantity of={duration(red.p95Ms)} />
        </span>
      )}
    </span>
  );
}

/** The same as a sentence. */
function placeLabel(node: MapNode): string {
  switch (node.kind) {
    case 'process':
      return [node.id, node.state ? stateWord(node.state) : null, node.red ? redWords(node.red) : 'no requests']
        .filter(Boolean)
        .join(', ');
    case 'topic':
      return `topic ${node.id}, ${node.produced ? redWords(node.produced) : 'no messages'}`;
    case 'unknown':
      return `${node.id}, not in the topology`;
    default:
      return node satisfies never;
  }
}

function redWords(red: Red): string {
  const { ratePerSecond, errorRatio, p95Ms } = red;
  const { value } = percent(errorRatio);
  const injected = injectedText(red);
  return `${perSecond(ratePerSecond)} per second, ${value} percent errors${injected === null ? '' : `, ${injected}`}${p95Ms === null ? '' : `, p95 ${durationText(p95Ms)}`}`;
}
