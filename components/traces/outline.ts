import type { TraceNode, TraceTree } from './trace-tree.ts';

/** The spans that tell the story: where work enters a process (server, consumer), roots and failures, by start. */
export function outline(tree: TraceTree, most: number): { nodes: readonly TraceNode[]; left: number } {
  const told = [...tree.byId.values()].filter(
    ({ span, parent }) =>
      span !== null &&
      (parent === null || span.kind === 'server' || span.kind === 'consumer' || span.status === 'error'),
  );
  told.sort((a, b) => a.startMs - b.startMs || b.endMs - a.endMs);
  return { nodes: told.slice(0, most), left: Math.max(0, told.length - most) };
}
