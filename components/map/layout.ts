import { layout as dagre, Graph } from '@dagrejs/dagre';
import type { MapEdge, MapNode, SystemMap } from './map-model.ts';

export type Point = { x: number; y: number };
export type Box = Point & { width: number; height: number };
export type MapLayout = {
  /** Upper left corner and size of every node. */
  boxes: ReadonlyMap<string, Box>;
  /** Frame around the topics: they live in the broker. */
  broker: Box | null;
  /** Way of every edge from its source to its target. */
  ways: ReadonlyMap<string, Way>;
};
/** Corners of a way, and whether it leaves and arrives upright. */
export type Way = { points: readonly Point[]; vertical: boolean };

export const processSize = { width: 192, height: 60 } as const;
export const topicSize = { width: 192, height: 40 } as const;
const gap = { column: 140, row: 22, infrastructure: 76 } as const;
const clusterId = 'cluster:broker';

/**
 * Columns from left to right: who calls, services, what they depend on and their topics; below them the infrastructure
 * that nearly everything uses. Positions follow from the topology alone, so neither traffic nor layers move anything:
 * consumers are laid out beside the producers (as if they sent), and infrastructure does not pull at the columns.
 */
export function layoutMap({ nodes, edges }: SystemMap): MapLayout {
  const story = edges.filter(({ layer, expected }) => expected && (layer === 'calls' || layer === 'events'));
  const told = new Set(story.flatMap(({ from, to }) => [from, to]));
  const graph = new Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'LR', ranksep: gap.column, nodesep: gap.row, edgesep: 10, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const placed = nodes.filter((node) => told.has(node.id) && node.kind !== 'unknown');
  if (placed.some(({ kind }) => kind === 'topic')) graph.setNode(clusterId, {});
  for (const node of placed) {
    graph.setNode(node.id, { ...sizeOf(node) });
    if (node.kind === 'topic') graph.setParent(node.id, clusterId);
  }
  for (const edge of story) {
    const { from, to } = drawnFrom(edge);
    graph.setEdge(from, to, { weight: edge.layer === 'events' ? 2 : 1 }, edge.id);
  }
  dagre(graph);

  const boxes = new Map<string, Box>();
  for (const node of placed) boxes.set(node.id, toBox(graph.node(node.id)));
  const broker = graph.hasNode(clusterId)
    ? around(
        [...placed].filter(({ kind }) => kind === 'topic').map(({ id }) => boxes.get(id)),
        14,
      )
    : null;
  const below = nodes.filter(({ id }) => !boxes.has(id));
  placeBelow(below, boxes, broker);

  const columns = [...new Set(placed.map(({ id }) => boxes.get(id)?.x ?? 0))];
  const inner = new Map<string, readonly Point[]>();
  for (const edge of story) {
    const { from, to, reversed } = drawnFrom(edge);
    const routed = (graph.edge({ v: from, w: to, name: edge.id }) as { points?: Point[] }).points ?? [];
    const between = columns.filter((x) => x > (boxes.get(from)?.x ?? 0) && x < (boxes.get(to)?.x ?? 0));
    const corners = between.sort((one, other) => one - other).flatMap((x) => throughColumn(routed, x));
    inner.set(edge.id, reversed ? corners.reverse() : corners);
  }
  return { boxes, broker, ways: withEnds(edges, inner, boxes, new Set(below.map(({ id }) => id))) };
}

/** Level through a column of places, at the height where dagre left room; between columns nothing is in the way. */
function throughColumn(routed: readonly Point[], columnX: number): Point[] {
  const middle = columnX + processSize.width / 2;
  const after = Math.max(
    1,
    routed.findIndex(({ x }) => x >= middle),
  );
  const [one, other] = [routed[after - 1], routed[after]];
  if (!one || !other) return [];
  const share = other.x === one.x ? 0 : (middle - one.x) / (other.x - one.x);
  const y = Math.round(one.y + (other.y - one.y) * Math.min(1, Math.max(0, share)));
  return [
    { x: columnX - 12, y },
    { x: columnX + processSize.width + 12, y },
  ];
}

/** dagre sees what is consumed as if it were sent, so that all services stand on one side of their topics. */
function drawnFrom({ from, to, protocol }: MapEdge): { from: string; to: string; reversed: boolean } {
  return protocol === 'kafka-consume' ? { from: to, to: from, reversed: true } : { from, to, reversed: false };
}

function sizeOf({ kind }: MapNode): { width: number; height: number } {
  return kind === 'topic' ? topicSize : processSize;
}

function toBox({ x, y, width, height }: Box): Box {
  return { x: Math.round(x - width / 2), y: Math.round(y - height / 2), width, height };
}

function around(boxes: readonly (Box | undefined)[], margin: number): Box | null {
  const all = boxes.filter((box) => box !== undefined);
  if (all.length === 0) return null;
  const x = Math.min(...all.map((box) => box.x)) - margin;
  const y = Math.min(...all.map((box) => box.y)) - margin - 18;
  return {
    x,
    y,
    width: Math.max(...all.map((box) => box.x + box.width)) + margin - x,
    height: Math.max(...all.map((box) => box.y + box.height)) + margin - y,
  };
}

/** One row under everything, in the middle: processes of the infrastructure, then what nobody knows. */
function placeBelow(nodes: readonly MapNode[], boxes: Map<string, Box>, broker: Box | null): void {
  const all = [...boxes.values(), ...(broker ? [broker] : [])];
  const right = Math.max(0, ...all.map(({ x, width }) => x + width));
  const y = Math.max(0, ...all.map((box) => box.y + box.height)) + gap.infrastructure;
  const expected = nodes.filter(({ kind }) => kind !== 'unknown');
  const step = processSize.width + 48;
  const start = Math.max(0, (right - (expected.length * step - 48)) / 2);
  for (const [index, node] of [...expected, ...nodes.filter(({ kind }) => kind === 'unknown')].entries()) {
    boxes.set(node.id, { x: Math.round(start + index * step), y, ...sizeOf(node) });
  }
}

type Side = 'left' | 'right' | 'top' | 'bottom';
type End = { edge: MapEdge; node: string; side: Side; towards: Point };

/** Adds where each way leaves and arrives: spread over the side, in the order of where the ways go, so that few cross. */
function withEnds(
  edges: readonly MapEdge[],
  inner: ReadonlyMap<string, readonly Point[]>,
  boxes: ReadonlyMap<string, Box>,
  below: ReadonlySet<string>,
): Map<string, Way> {
  const ends: [End, End][] = [];
  for (const edge of edges) {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to || from === to) continue;
    const way = inner.get(edge.id) ?? [];
    // The row below is reached from above, everything else from the side.
    const vertical = below.has(edge.from) !== below.has(edge.to);
    const end = (node: string, own: Box, other: Box, towards: Point | undefined): End => ({
      edge,
      node,
      side: vertical ? (own.y < other.y ? 'bottom' : 'top') : own.x < other.x ? 'right' : 'left',
      towards: towards ?? centre(other),
    });
    ends.push([end(edge.from, from, to, way[0]), end(edge.to, to, from, way.at(-1))]);
  }
  const at = new Map<End, Point>();
  for (const group of Map.groupBy(ends.flat(), ({ node, side }) => `${side} ${node}`).values()) {
    const [first] = group;
    const box = first && boxes.get(first.node);
    if (!first || !box) continue;
    const along = first.side === 'left' || first.side === 'right' ? 'y' : 'x';
    group.sort((a, b) => a.towards[along] - b.towards[along] || (a.edge.id < b.edge.id ? -1 : 1));
    for (const [index, end] of group.entries()) at.set(end, port(box, end.side, (index + 1) / (group.length + 1)));
  }
  const ways = new Map<string, Way>();
  for (const [source, target] of ends) {
    const [start, end] = [at.get(source), at.get(target)];
    if (!start || !end) continue;
    const points = [start, ...(inner.get(source.edge.id) ?? []), end];
    ways.set(source.edge.id, { points, vertical: source.side === 'top' || source.side === 'bottom' });
  }
  return ways;
}

function centre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function port({ x, y, width, height }: Box, side: Side, share: number): Point {
  switch (side) {
    case 'left':
      return { x, y: y + height * share };
    case 'right':
      return { x: x + width, y: y + height * share };
    case 'top':
      return { x: x + width * share, y };
    case 'bottom':
      return { x: x + width * share, y: y + height };
    default:
      return side satisfies never;
  }
}

/** SVG path through the corners of a way, as one smooth line whose tangents are level (or upright). */
export function wayPath({ points, vertical }: Way): string {
  const [start, ...rest] = points;
  if (!start) return '';
  let path = `M${start.x} ${start.y}`;
  let from = start;
  for (const to of rest) {
    const half = vertical ? (from.y + to.y) / 2 : (from.x + to.x) / 2;
    path += vertical
      ? `C${from.x} ${half} ${to.x} ${half} ${to.x} ${to.y}`
      : `C${half} ${from.y} ${half} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return path;
}

/** Point of the path at a share (0–1) of its way, counted by its stretches. */
export function pointAt({ points, vertical }: Way, share: number): Point {
  const stretches = points.length - 1;
  const at = Math.min(stretches - 1e-9, Math.max(0, share * stretches));
  const [from, to] = [points[Math.floor(at)], points[Math.floor(at) + 1]];
  if (!from || !to) return points[0] ?? { x: 0, y: 0 };
  // The control points of wayPath lie half way along one axis, at the ends' own height on the other.
  const t = at % 1;
  const eased = t * t * (3 - 2 * t);
  const even = 1.5 * t * (1 - t) ** 2 + 1.5 * t * t * (1 - t) + t ** 3;
  const along = (one: number, other: number, by: number) => one + (other - one) * by;
  return vertical
    ? { x: along(from.x, to.x, eased), y: along(from.y, to.y, even) }
    : { x: along(from.x, to.x, even), y: along(from.y, to.y, eased) };
}
