'use client';

import '@xyflow/react/dist/base.css';
import { type BuiltInEdge, MarkerType, type Node, type NodeProps, type NodeTypes, ReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { SagaStep, StepId } from '#components/orders/saga.ts';
import { cn } from '#components/ui/cn.ts';
import { flowStyle } from '../flow-style.ts';
import { Handles } from './handles.tsx';
import { type EdgeState, edgeState, nodeSizes, type PlacedEdge, type PlacedNode, sagaLayout } from './layout.ts';
import { StepNode, type StepNodeData } from './step-node.tsx';

type StepFlowNode = Node<StepNodeData, 'step'>;

const nodeTypes: NodeTypes = {
  step: (props: NodeProps<StepFlowNode>) => (
    <>
      <Handles />
      <StepNode {...props.data} />
    </>
  ),
};
const layouts = { full: sagaLayout(nodeSizes.full), compact: sagaLayout(nodeSizes.compact) };
const margin = 16;
/** Drawn no larger than this, and no smaller than can be read. */
const zoom = { most: 1.1, least: 0.8 } as const;

export type SagaGraphProps = {
  steps: readonly SagaStep[];
  /** Colour of each process. */
  colours: ReadonlyMap<string, number | null>;
  /** One sentence on the whole, computed from the steps. */
  caption: string;
  onOpen: (messageId: string) => void;
};

/** The saga, read-only: nothing can be dragged, every finished step is a button that opens its event. */
export function SagaGraph({ steps, colours, caption, onOpen }: SagaGraphProps) {
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame);
  const byId = useMemo(() => new Map(steps.map((step) => [step.id, step])), [steps]);
  const compact = width - 2 * margin < layouts.full.width * 0.85;
  const layout = compact ? layouts.compact : layouts.full;
  const nodes = useMemo(
    () => layout.nodes.flatMap((placed) => toNode(placed, byId, colours, compact, onOpen)),
    [layout, compact, byId, colours, onOpen],
  );
  const edges = useMemo(() => layout.edges.map((edge) => toEdge(edge, edgeState(edge, byId))), [layout, byId]);
  const scale = Math.min(zoom.most, Math.max(zoom.least, (width - 2 * margin) / layout.width));
  const drawn = layout.width * scale;
  return (
    <figure ref={frame} className="m-0 overflow-x-auto" aria-label={`Saga: ${caption}`}>
      <div style={{ height: layout.height * scale + 2 * margin, minWidth: drawn + 2 * margin }}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
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

function toEdge({ id, from, to, fromSide, toSide, lane }: PlacedEdge, state: EdgeState): BuiltInEdge {
  const colour = strokes[state](lane);
  return {
    id,
    source: from,
    target: to,
    sourceHandle: `source-${fromSide}`,
    targetHandle: `target-${toSide}`,
    type: 'smoothstep',
    pathOptions: { offset: from === 'refunded' ? 10 : 4, borderRadius: 6 },
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
  const [width, setWidth] = useState(layouts.full.width + 2 * margin);
  useEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
