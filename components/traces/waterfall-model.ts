import { durationText } from '#components/format/duration.ts';
import type { TraceNode, TraceTree } from './trace-tree.ts';

/** One line of the waterfall: a span (or the place of a missing one), or all spans of a service. */
export type WaterfallRow = {
  /** Span id, or `service <name>`. */
  id: string;
  depth: number;
  parentId: string | null;
  expandable: boolean;
  expanded: boolean;
} & ({ kind: 'span'; node: TraceNode } | { kind: 'service'; service: string; nodes: readonly TraceNode[] });

export type WaterfallRows = { rows: readonly WaterfallRow[]; indexOf: ReadonlyMap<string, number> };

/** Rows of the tree in depth-first order; below a collapsed span there are none. */
export function treeRows(tree: TraceTree, collapsed: ReadonlySet<string>): WaterfallRows {
  const rows: WaterfallRow[] = [];
  const stack: { node: TraceNode; depth: number }[] = [];
  const push = (nodes: readonly TraceNode[], depth: number) => {
    for (let index = nodes.length - 1; index >= 0; index--) {
      const node = nodes[index];
      if (node) stack.push({ node, depth });
    }
  };
  push(tree.roots, 0);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, depth } = top;
    const expandable = node.children.length > 0;
    const expanded = expandable && !collapsed.has(node.id);
    rows.push({ kind: 'span', id: node.id, node, depth, parentId: node.parent?.id ?? null, expandable, expanded });
    if (expanded) push(node.children, depth + 1);
  }
  return withIndex(rows);
}

/** One row per service by first appearance, and below each expanded one its spans by start. */
export function serviceRows(tree: TraceTree, expanded: ReadonlySet<string>): WaterfallRows {
  const services = new Map<string, TraceNode[]>();
  const nodes = [...tree.byId.values()].sort((a, b) => a.startMs - b.startMs);
  for (const node of nodes) {
    if (!node.span) continue;
    const known = services.get(node.span.service);
    if (known) known.push(node);
    else services.set(node.span.service, [node]);
  }
  const rows: WaterfallRow[] = [];
  for (const [service, own] of services) {
    const id = serviceRowId(service);
    const open = expanded.has(id);
    rows.push({ kind: 'service', id, service, nodes: own, depth: 0, parentId: null, expandable: true, expanded: open });
    if (open) rows.push(...own.map((node) => leaf(node, 1, id)));
  }
  return withIndex(rows);
}

/** The given spans in the given order, without hierarchy. */
export function flatRows(nodes: readonly TraceNode[]): WaterfallRows {
  return withIndex(nodes.map((node) => leaf(node, 0, null)));
}

export function serviceRowId(service: string): string {
  return `service ${service}`;
}

function leaf(node: TraceNode, depth: number, parentId: string | null): WaterfallRow {
  return { kind: 'span', id: node.id, node, depth, parentId, expandable: false, expanded: false };
}

function withIndex(rows: readonly WaterfallRow[]): WaterfallRows {
  return { rows, indexOf: new Map(rows.map(({ id }, index) => [id, index])) };
}

/** Ids above a span, nearest first: what must be open for it to be seen. */
export function ancestors(tree: TraceTree, id: string): string[] {
  const ids: string[] = [];
  for (let node = tree.byId.get(id)?.parent ?? null; node !== null; node = node.parent) ids.push(node.id);
  return ids;
}

/** Part of the trace that is drawn, milliseconds after its start. */
export type TimeWindow = { fromMs: number; toMs: number };

/** Round times to draw lines at: steps of 1, 2 or 5 × 10ⁿ, at most `most` of them. */
export function ticks({ fromMs, toMs }: TimeWindow, most: number): number[] {
  const span = toMs - fromMs;
  if (!(span > 0) || most < 1) return [];
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(fromMs / step - 1e-9);
  const count = Math.floor(toMs / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, index) => (first + index) * step);
}

/** A tick's time: `0`, `50.0 ms`, `−20.0 ms` of what began before the origin. */
export function tickText(ms: number): string {
  if (ms === 0) return '0';
  return ms < 0 ? `−${durationText(-ms)}` : durationText(ms);
}

/** Where a bar lies in the window, as fractions 0–1 clipped to it; null when it is outside. */
export function place(
  { fromMs, toMs }: TimeWindow,
  startMs: number,
  endMs: number,
): { left: number; width: number } | null {
  const span = toMs - fromMs;
  if (span <= 0 || endMs < fromMs || startMs > toMs) return null;
  const left = Math.max(0, (startMs - fromMs) / span);
  return { left, width: Math.min(1, (endMs - fromMs) / span) - left };
}

/** The window made smaller (factor < 1) or larger around a time, never beyond the trace, never below 1 µs. */
export function zoom(window: TimeWindow, factor: number, aroundMs: number, durationMs: number): TimeWindow {
  const span = Math.min(durationMs, Math.max(0.001, (window.toMs - window.fromMs) * factor));
  const share = (aroundMs - window.fromMs) / (window.toMs - window.fromMs || 1);
  const fromMs = Math.min(Math.max(0, aroundMs - span * Math.min(1, Math.max(0, share))), durationMs - span);
  return { fromMs, toMs: fromMs + span };
}
