import type { TraceNode, TraceTree } from './trace-tree.ts';
import { treeRows } from './waterfall-model.ts';

export type MinimapBar = { line: number; left: number; width: number; service: string; failed: boolean };

const mostPerLine = 24;

/**
 * Bars of the whole trace on a few lines, in the order of the waterfall. Of the rows that share a line the longest are
 * drawn, and failures always: at most `lines` × 24 bars however long the trace is.
 */
export function minimapBars(tree: TraceTree, lines: number): MinimapBar[] {
  const nodes = treeRows(tree, new Set()).rows.flatMap((row) =>
    row.kind === 'span' && row.node.span ? [row.node] : [],
  );
  const perLine = Math.max(1, nodes.length / lines);
  const byLine: TraceNode[][] = [];
  for (const [index, node] of nodes.entries()) {
    const line = Math.floor(index / perLine);
    byLine[line] ??= [];
    byLine[line]?.push(node);
  }
  const total = tree.durationMs || 1;
  return byLine.flatMap((all, line) =>
    longest(all).map((node) => ({
      line,
      left: node.startMs / total,
      width: (node.endMs - node.startMs) / total,
      service: node.span?.service ?? '',
      failed: node.span?.status === 'error',
    })),
  );
}

function longest(nodes: readonly TraceNode[]): readonly TraceNode[] {
  if (nodes.length <= mostPerLine) return nodes;
  const weight = ({ span, startMs, endMs }: TraceNode) =>
    span?.status === 'error' ? Number.MAX_VALUE : endMs - startMs;
  return [...nodes].sort((a, b) => weight(b) - weight(a)).slice(0, mostPerLine);
}
