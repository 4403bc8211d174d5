'use client';

import '@xyflow/react/dist/base.css';
import {
  type BuiltInEdge,
  type EdgeTypes,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  type NodeTypes,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { arrowFaults } from '#components/chaos/saga-faults.ts';
import type { SagaStep, StepId } from '#components/orders/saga.ts';
import { cn } from '#components/ui/cn.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { flowStyle } from '../flow-style.ts';
import { ArrowEdge, type ArrowFlowEdge } from './arrow-edge.tsx';
import { Handles } from './handles.tsx';
import {
  commandedSteps,
  type EdgeState,
  edgeState,
  nodeSizes,
  type PlacedEdge,
  type PlacedNode,
  sagaLayout,
} from './layout.ts';
import { StepNode, type StepNodeData } from './step-node.tsx';

type StepFlowNode = Node<StepNodeData, 'step'>;

type OrchestratorNode = Node<{ columns: number[]; caption: string }, 'orchestrator'>;

const nodeTypes: NodeTypes = {
  orchestrator: ({ data }: NodeProps<OrchestratorNode>) => (
    <>
      {data.columns.map((x, index) => (
        <Handle
          key={x}
          id={`command-${index}`}
          type="source"
          position={Position.Bottom}
          isConnectable={false}
          aria-hidden
          style={{ left: x }}
          className="pointer-events-none size-px min-h-0 min-w-0 opacity-0"
        />
      ))}
      <div className="flex h-7 items-center rounded-md border border-border-strong bg-raised px-2.5 text-sm text-secondary">
        <span className="truncate">{data.caption}</span>
      </div>
    </>
  ),
  step: (props: NodeProps<StepFlowNode>) => (
    <>
      <Handles />
      <StepNode {...props.data} />
    </>
  ),
};
const edgeTypes: EdgeTypes = { arrow: ArrowEdge };
const layouts = {
  choreography: { full: sagaLayout(nodeSizes.full), compact: sagaLayout(nodeSizes.compact) },
  orchestration: {
    full: sagaLayout(nodeSizes.full, 'orchestration'),
    compact: sagaLayout(nodeSizes.compact, 'orchestration'),
  },
};
const usualWidth = layouts.choreography.full.width;
const margin = 16;
/** Drawn no larger than this, and no smaller than can be read. */
const zoom = { most: 1.1, least: 0.8 } as const;

export type SagaGraphProps = {
  style: SagaStyle;
  steps: readonly SagaStep[];
  /** Colour of each process. */
  colours: ReadonlyMap<string, number | null>;
  /** One sentence on the whole, computed from the steps. */
  caption: string;
  onOpen: (messageId: string) => void;
  /** The order while it runs: faults are armed for it alone. Null: for whichever passes next. */
  orderId: string | null;
};

/** The saga, read-only: nothing can be dragged, every finished step is a button that opens its event. */
export function SagaGraph({ style, steps, colours, caption, onOpen, orderId }: SagaGraphProps) {
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame);
  const byId = useMemo(() => new Map(steps.map((step) => [step.id, step])), [steps]);
  const compact = width - 2 * margin < usualWidth * 0.85;
  const layout = layouts[style][compact ? 'compact' : 'full'];
  const nodes = useMemo(
    () => [
      ...orchestratorNodes(layout, byId),
      ...layout.nodes.flatMap((placed) => toNode(placed, byId, colours, compact, onOpen)),
    ],
    [layout, compact, byId, colours, onOpen],
  );
  const edges = useMemo(
    () => [
      ...layout.edges.map((edge) => {
        const state = edgeState(edge, byId);
        return toEdge(edge, state, compact ? null : armOn(edge, state, style, orderId, byId));
      }),
      ...(layout.orchestrator ? commandedSteps.map((id, index) => commandEdge(id, index, byId)) : []),
    ],
    [layout, byId, compact, style, orderId],
  );
  const scale = Math.min(zoom.most, Math.max(zoom.least, (width - 2 * margin) / layout.width));
  const drawn = layout.width * scale;
  return (
    <figure ref={frame} className="group/saga m-0 overflow-x-auto" aria-label={`Saga: ${caption}`}>
      <div style={{ height: layout.height * scale + 2 * margin, minWidth: drawn + 2 * margin }}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          viewport={{ x: Math.max(margin, (width - drawn) / 2), y: margin, zoom: scale }}
          minZoom={zoom.least}
          maxZoom={zoom.most}
          width={width}
          height={layout.height * scale + 2 * margin}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          panOnScroll={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
          disableKeyboardA11y
          attributionPosition="bottom-center"
          className={cn(flowStyle, '[&_[class*=attribution]]:ml-16!')}
        />
      </div>
      <figcaption className="sr-only">{caption}. The same as a table: choose Table above.</figcaption>
    </figure>
  );
}

function toNode(
  { id, x, y, width, height }: PlacedNode,
  steps: ReadonlyMap<StepId, SagaStep>,
  colours: ReadonlyMap<string, number | null>,
  compact: boolean,
  onOpen: (messageId: string) => void,
): StepFlowNode[] {
  const step = steps.get(id);
  if (!step) return [];
  const data = { step, colour: colours.get(step.service) ?? null, compact, onOpen };
  return [{ id, type: 'step', position: { x, y }, width, height, data }];
}

type Layout = ReturnType<typeof sagaLayout>;

function orchestratorNodes({ orchestrator, nodes }: Layout, steps: ReadonlyMap<StepId, SagaStep>): OrchestratorNode[] {
  if (!orchestrator) return [];
  const { x, y, width, height } = orchestrator;
  const columns = commandedSteps.map((id) => {
    const node = nodes.find((one) => one.id === id);
    return (node?.x ?? 0) + (node?.width ?? 0) / 2 - x;
  });
  const given = [...steps.values()].reduce((sum, { attempts }) => sum + attempts, 0);
  const caption = `orders runs the saga: ${given === 1 ? '1 command' : `${given} commands`} sent, events are the replies`;
  return [{ id: 'orchestrator', type: 'orchestrator', position: { x, y }, width, height, data: { columns, caption } }];
}

/** A command, from the orchestrator down to the step that it has somebody take. */
function commandEdge(id: StepId, index: number, steps: ReadonlyMap<StepId, SagaStep>): BuiltInEdge {
  const step = steps.get(id);
  const given = step?.command != null;
  const colour = given ? 'var(--accent)' : 'var(--border-strong)';
  return {
    id: `command-${id}`,
    source: 'orchestrator',
    target: id,
    sourceHandle: `command-${index}`,
    targetHandle: 'target-top',
    type: 'straight',
    focusable: false,
    style: { stroke: colour, strokeWidth: given ? 1.5 : 1, strokeDasharray: '5 3' },
    hidden: !given && step?.state === 'skipped',
    markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 12, height: 12 },
  };
}

/** What can be armed on an arrow, unless nothing comes this way. The way back from the refund has no room for a button. */
function armOn(
  { from, to }: PlacedEdge,
  state: EdgeState,
  style: SagaStyle,
  orderId: string | null,
  steps: ReadonlyMap<StepId, SagaStep>,
): Arm {
  if (state === 'closed' || (from === 'refunded' && to === 'cancelled')) return null;
  const [source, target] = [steps.get(from), steps.get(to)];
  if (!source || !target) return null;
  const title = `Arm a fault on ${source.title} → ${target.title}`;
  // What has passed here does not pass again.
  return { title, choices: arrowFaults(source, target, style), style, order: state === 'taken' ? null : orderId };
}

type Arm = NonNullable<ArrowFlowEdge['data']>['arm'];

function toEdge({ id, from, to, fromSide, toSide, lane }: PlacedEdge, state: EdgeState, arm: Arm): ArrowFlowEdge {
  const colour = strokes[state](lane);
  return {
    id,
    source: from,
    target: to,
    sourceHandle: `source-${fromSide}`,
    targetHandle: `target-${toSide}`,
    type: 'arrow',
    data: { offset: from === 'refunded' ? 10 : 4, arm },
    animated: state === 'next',
    focusable: false,
    zIndex: state === 'closed' ? 0 : 1,
    style: {
      stroke: colour,
      strokeWidth: state === 'taken' || state === 'next' ? 1.75 : 1,
      ...(state === 'open' ? { strokeDasharray: '3 3' } : {}),
      ...(state === 'closed' ? { strokeDasharray: '1 4' } : {}),
    },
    ...(state === 'closed'
      ? {}
      : { markerEnd: { type: MarkerType.ArrowClosed, color: colour, width: 14, height: 14 } }),
  };
}

const strokes: Record<EdgeState, (lane: PlacedEdge['lane']) => string> = {
  taken: (lane) => (lane === 'main' ? 'var(--ok)' : 'var(--warn)'),
  next: () => 'var(--info)',
  open: () => 'var(--border-strong)',
  closed: () => 'var(--border-strong)',
};

/** Width of an element, followed as it changes; a usual one until it is known. */
function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(usualWidth + 2 * margin);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
