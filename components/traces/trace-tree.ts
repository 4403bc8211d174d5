import type { Span } from '#contracts/telemetry/query.ts';

/**
 * One span in its place, or a placeholder for a parent that has not arrived (`span` is null). Times are milliseconds
 * after the start of the trace.
 */
export type TraceNode = {
  id: string;
  span: Span | null;
  parent: TraceNode | null;
  children: TraceNode[];
  startMs: number;
  endMs: number;
  /** Latest end in the subtree, itself included: a consumer outlives its producer. */
  subtreeEndMs: number;
  /** Spans below it, placeholders not counted. */
  descendants: number;
  /** Errors below it. */
  errorsBelow: number;
  /** Continues a message: between the parent's end and this start it lay in a topic. */
  async: boolean;
};

export type TraceTree = {
  roots: readonly TraceNode[];
  byId: ReadonlyMap<string, TraceNode>;
  /** Epoch milliseconds of the first start. */
  originMs: number;
  durationMs: number;
  spanCount: number;
  errorCount: number;
  /** Spans whose parent has not arrived. */
  waiting: number;
};

/**
 * The tree of a trace's spans, in any order of arrival. Linear but for the sort, no recursion: a trace may be a chain of
 * 100 000. Of two spans with one id the later wins; a circle of parents is cut at its earliest span.
 */
export function buildTree(spans: readonly Span[]): TraceTree {
  const origin = earliest(spans);
  const byId = new Map<string, TraceNode>();
  for (const span of spans) byId.set(span.spanId, toNode(span, origin));
  const ordered = [...byId.values()].sort(byStart);
  const missing = new Map<string, TraceNode>();
  const roots: TraceNode[] = [];
  let waiting = 0;
  for (const node of ordered) {
    const parentId = node.span?.parentSpanId ?? null;
    if (parentId === null) roots.push(node);
    else {
      let parent = byId.get(parentId) ?? missing.get(parentId);
      if (!parent) {
        parent = placeholder(parentId, node);
        missing.set(parentId, parent);
        roots.push(parent);
      }
      if (parent.span === null) {
        waiting++;
        parent.endMs = Math.max(parent.endMs, node.endMs);
      }
      node.parent = parent;
      node.async = node.span?.kind === 'consumer' && (parent.span === null || parent.span.kind === 'producer');
      parent.children.push(node);
    }
  }
  const reached = cutCircles(ordered, roots);
  roots.sort(byStart);
  sumUp(reached);
  for (const [id, node] of missing) byId.set(id, node);
  return {
    roots,
    byId,
    originMs: Number(origin / 1000n) / 1000,
    durationMs: roots.reduce((end, root) => Math.max(end, root.subtreeEndMs), 0),
    spanCount: ordered.length,
    errorCount: ordered.reduce((count, { span }) => count + (span?.status === 'error' ? 1 : 0), 0),
    waiting,
  };
}

function earliest(spans: readonly Span[]): bigint {
  let first: bigint | null = null;
  for (const { startUnixNano } of spans) {
    const start = BigInt(startUnixNano);
    if (first === null || start < first) first = start;
  }
  return first ?? 0n;
}

function toNode(span: Span, origin: bigint): TraceNode {
  const startMs = Number(BigInt(span.startUnixNano) - origin) / 1e6;
  const endMs = startMs + span.durationNano / 1e6;
  return { ...empty, id: span.spanId, span, children: [], startMs, endMs, subtreeEndMs: endMs };
}

const empty = { parent: null, descendants: 0, errorsBelow: 0, async: false };

/** As far as is known, a missing parent began with its first child. */
function placeholder(id: string, child: TraceNode): TraceNode {
  return {
    ...empty,
    id,
    span: null,
    children: [],
    startMs: child.startMs,
    endMs: child.endMs,
    subtreeEndMs: child.endMs,
  };
}

function byStart(a: TraceNode, b: TraceNode): number {
  return a.startMs - b.startMs || b.endMs - a.endMs || (a.id < b.id ? -1 : 1);
}

/** Nodes in an order where parents come before their children; what no root reaches becomes reachable. */
function cutCircles(ordered: readonly TraceNode[], roots: TraceNode[]): TraceNode[] {
  const reached: TraceNode[] = [];
  const seen = new Set<TraceNode>();
  const visit = (root: TraceNode) => {
    const stack = [root];
    seen.add(root);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      reached.push(node);
      for (const child of node.children) {
        if (seen.has(child)) continue;
        seen.add(child);
        stack.push(child);
      }
    }
  };
  for (const root of roots) visit(root);
  if (seen.size >= ordered.length) return reached;
  for (const node of ordered) {
    if (seen.has(node)) continue;
    const { parent } = node;
    if (parent) parent.children = parent.children.filter((child) => child !== node);
    node.parent = null;
    node.async = false;
    roots.push(node);
    visit(node);
  }
  return reached;
}

function sumUp(parentsFirst: readonly TraceNode[]): void {
  for (let index = parentsFirst.length - 1; index >= 0; index--) {
    const node = parentsFirst[index];
    const parent = node?.parent;
    if (!node || !parent) continue;
    parent.descendants += node.descendants + (node.span ? 1 : 0);
    parent.errorsBelow += node.errorsBelow + (node.span?.status === 'error' ? 1 : 0);
    parent.subtreeEndMs = Math.max(parent.subtreeEndMs, node.subtreeEndMs);
  }
}
