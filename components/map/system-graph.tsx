'use client';

import '@xyflow/react/dist/base.css';
import './map.css';
import {
  type EdgeTypes,
  MarkerType,
  type NodeTypes,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { Button } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { BrokerFrame, type BrokerFrameNode } from './broker-frame.tsx';
import { type FaultMarks, marksText } from './fault-marks.ts';
import type { MapLayout } from './layout.ts';
import { MapEdgeView, type MapFlowEdge } from './map-edge.tsx';
import { isolate, type MapEdge, type MapLayer, type SystemMap, shownEdges } from './map-model.ts';
import { type MapFlowNode, MapNodeView } from './map-node.tsx';

const nodeTypes: NodeTypes = { place: MapNodeView, broker: BrokerFrame };
const edgeTypes: EdgeTypes = { way: MapEdgeView };
const fit = { padding: 0.04, maxZoom: 1.15 } as const;

export type SystemGraphProps = {
  map: SystemMap;
  layout: MapLayout;
  layers: ReadonlySet<MapLayer>;
  marks: FaultMarks;
  selected: string | null;
  onSelect: (id: string) => void;
  onSelectEdge: (id: string) => void;
  caption: string;
};

/**
 * The system as a picture: nothing can be dragged or connected. Places are buttons in the order of the flow; what is
 * hovered, focused or selected is isolated with everything it talks to.
 */
export function SystemGraph(props: SystemGraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ map, layout, layers, marks, selected, onSelect, onSelectEdge, caption }: SystemGraphProps) {
  const frame = useRef<HTMLElement>(null);
  useListKeys(frame);
  const moved = useRef(false);
  const [looked, setLooked] = useState<string | null>(null);
  const focus = looked ?? selected;
  const isolated = useMemo(() => (focus === null ? null : isolate(map, focus)), [map, focus]);
  const nodes = useMemo(() => {
    const places = map.nodes.flatMap((node): MapFlowNode[] => {
      const box = layout.boxes.get(node.id);
      if (!box) return [];
      return [
        {
          id: node.id,
          type: 'place',
          position: { x: box.x, y: box.y },
          width: box.width,
          height: box.height,
          zIndex: 1,
          data: {
            node,
            fault: marks.places.get(node.id) ?? null,
            faded: isolated !== null && !isolated.nodes.has(node.id),
            selected: node.id === selected,
            onSelect,
            onLook: setLooked,
          },
        },
      ];
    });
    // Tab goes from left to right, and down each column.
    places.sort((a, b) => a.position.x - b.position.x || a.position.y - b.position.y);
    const { broker } = layout;
    const frameNode: BrokerFrameNode[] = broker
      ? [
          {
            id: 'frame:broker',
            type: 'broker',
            position: { x: broker.x, y: broker.y },
            width: broker.width,
            height: broker.height,
            zIndex: -1,
            data: {},
          },
        ]
      : [];
    return [...frameNode, ...places];
  }, [map, layout, marks, isolated, selected, onSelect]);
  const edges = useMemo(() => {
    const shown = new Map(shownEdges(map, layers, marks.edges).map((edge) => [edge.id, edge]));
    if (isolated) for (const edge of map.edges) if (isolated.edges.has(edge.id)) shown.set(edge.id, edge);
    return [...shown.values()].flatMap((edge): MapFlowEdge[] => {
      const way = layout.ways.get(edge.id);
      if (!way) return [];
      const look = isolated === null ? 'plain' : isolated.edges.has(edge.id) ? 'lit' : 'faded';
      const colour = look === 'lit' ? 'var(--text)' : 'var(--text-tertiary)';
      return [
        {
          id: edge.id,
          type: 'way',
          source: edge.from,
          target: edge.to,
          data: {
            edge,
            fault: marks.edges.get(edge.id) ?? null,
            way,
            look,
            textAt: textAt(edge, look === 'lit' ? focus : null),
          },
          markerEnd: {
            type: MarkerType.ArrowClosed,
            color: colour,
            width: 12,
            height: 12,
            markerUnits: 'userSpaceOnUse',
          },
        },
      ];
    });
  }, [map, layout, layers, marks, isolated, focus]);
  return (
    <figure ref={frame} aria-label="Map of the system" className="m-0 min-h-0 flex-1">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={fit}
        minZoom={0.3}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        onEdgeClick={(_, { id }) => onSelectEdge(id)}
        panOnDrag
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        attributionPosition="bottom-left"
        className="bg-transparent"
        // The reader moved it: from then on it stays as they put it.
        onMoveEnd={(event) => {
          if (event) moved.current = true;
        }}
      >
        <FitToFrame frame={frame} moved={moved} />
        <Zoom />
      </ReactFlow>
      <figcaption className="sr-only">
        {caption} {marksText(map, marks)} The same as a table: choose Table above.
      </figcaption>
    </figure>
  );
}

/** Keeps all of the map in view while the frame changes: a panel opens, the window is resized. */
function FitToFrame(props: { frame: RefObject<HTMLElement | null>; moved: RefObject<boolean> }) {
  const { frame, moved } = props;
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (!frame.current) return;
    const observer = new ResizeObserver(() => {
      if (!moved.current) void fitView(fit);
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [frame, moved, fitView]);
  return null;
}

/** In the middle; of isolated edges near the other end, where they are apart. */
function textAt({ from, protocol }: MapEdge, focus: string | null): number {
  if (focus === null) return 0.5;
  // What is sent to a topic and what is consumed from it run side by side.
  const distance = protocol === 'kafka-consume' ? 0.4 : 0.24;
  return from === focus ? 1 - distance : distance;
}

function Zoom() {
  const flow = useReactFlow();
  return (
    <Panel position="bottom-right" className="m-3 flex rounded-md border border-border bg-surface p-0.5">
      <ZoomButton label="Zoom in" onClick={() => void flow.zoomIn()}>
        <ZoomIn aria-hidden />
      </ZoomButton>
      <ZoomButton label="Zoom out" onClick={() => void flow.zoomOut()}>
        <ZoomOut aria-hidden />
      </ZoomButton>
      <ZoomButton label="Fit the whole map" onClick={() => void flow.fitView(fit)}>
        <Maximize aria-hidden />
      </ZoomButton>
    </Panel>
  );
}

function ZoomButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <Tooltip content={label} side="top">
      <Button variant="ghost" size="icon-sm" aria-label={label} onClick={onClick}>
        {children}
      </Button>
    </Tooltip>
  );
}
