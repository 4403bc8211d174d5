import type { TraceNode, TraceTree } from './trace-tree.ts';

/** A stretch of time that decided how long the trace took: spent in a span, or (`waiting`) in an outbox or topic before it. */
export type CriticalSegment = { node: TraceNode; fromMs: number; toMs: number; waiting: boolean };

/**
 * The chain of work that ended last, backwards from the end: within a span, the child whose work ended last before the
 * current moment was what it waited for; what no child explains is the span's own time. Consumers outlive their
 * producers, so a child counts with its whole subtree, and the time between a span's end and a later child is waiting. Segments come in order of time and never overlap. After CRISP (USENIX ATC '22, §3), extended by messages.
 */
export function criticalPath(tree: TraceTree): CriticalSegment[] {
  const last = [...tree.roots].sort((a, b) => b.subtreeEndMs - a.subtreeEndMs)[0];
  if (!last) return [];
  const segments: CriticalSegment[] = [];
  const add = (node: TraceNode, fromMs: number, toMs: number, waiting = false) => {
    if (toMs > fromMs) segments.push({ node, fromMs, toMs, waiting });
  };
  // Each frame is a span being walked backwards; its children are visited by the end of their work.
  type Frame = {
    node: TraceNode;
    children: TraceNode[];
    floorMs: number;
    cursorMs: number;
    /** A child that began after the span's end: before it was waiting, or an earlier attempt. */
    late: { node: TraceNode; startMs: number } | null;
  };
  const frame = (node: TraceNode, floorMs: number): Frame => ({
    node,
    // Popped from the end: the latest first.
    children: [...node.children].sort((a, b) => a.subtreeEndMs - b.subtreeEndMs || b.startMs - a.startMs),
    floorMs,
    cursorMs: node.subtreeEndMs,
    late: null,
  });
  const wait = (top: Frame, fromMs: number) => {
    if (top.late) add(top.late.node, fromMs, top.late.startMs, true);
    top.late = null;
  };
  const stack: Frame[] = [frame(last, last.startMs)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const endMs = Math.max(top.node.endMs, top.floorMs);
    const child = top.children.pop();
    if (!child) {
      wait(top, endMs);
      add(top.node, top.floorMs, Math.min(top.cursorMs, endMs));
      stack.pop();
      continue;
    }
    // Clocks of two processes may disagree: a child that seems to begin before its parent is cut there.
    const childStartMs = Math.max(child.startMs, top.floorMs);
    // Work that began at or after the cursor did not hold anything up; what reaches past it overlaps a later child.
    if (childStartMs >= child.subtreeEndMs || child.subtreeEndMs > top.cursorMs) continue;
    // A message waits for its own earlier attempts, not for what other consumers do with it.
    if (top.late && child.subtreeEndMs > endMs && !isAttempt(child, top.late.node)) continue;
    wait(top, Math.max(child.subtreeEndMs, endMs));
    add(top.node, child.subtreeEndMs, Math.min(top.cursorMs, endMs));
    top.cursorMs = childStartMs;
    if (childStartMs > endMs) top.late = { node: child, startMs: childStartMs };
    stack.push(frame(child, childStartMs));
  }
  return segments.sort((a, b) => a.fromMs - b.fromMs);
}

/** Two deliveries of one message to one consumer. */
function isAttempt(one: TraceNode, other: TraceNode): boolean {
  return one.span?.kind === 'consumer' && other.span?.kind === 'consumer' && one.span.service === other.span.service;
}

export type CriticalShare = { service: string | null; ms: number };

/** Time on the path by service, longest first; `null` stands for waiting in topics. */
export function shareByService(path: readonly CriticalSegment[]): CriticalShare[] {
  const shares = new Map<string | null, number>();
  for (const { node, fromMs, toMs, waiting } of path) {
    const service = waiting ? null : (node.span?.service ?? null);
    shares.set(service, (shares.get(service) ?? 0) + toMs - fromMs);
  }
  return [...shares].map(([service, ms]) => ({ service, ms })).sort((a, b) => b.ms - a.ms);
}

/** Spans on the path by their first moment on it, each once. */
export function pathNodes(path: readonly CriticalSegment[]): TraceNode[] {
  return [...new Set(path.map(({ node }) => node))];
}
