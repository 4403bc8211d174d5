import type { TraceNode } from './trace-tree.ts';
import { place, type TimeWindow } from './waterfall-model.ts';

export type Stretch = { left: number; width: number; failed: boolean };

/**
 * Where any of the spans ran, as few stretches of the window (fractions 0–1): what lies closer than a pixel is joined, so
 * that a service with 50 000 spans is at most `pixels` boxes. Nodes come by start.
 */
export function coverage(nodes: readonly TraceNode[], window: TimeWindow, pixels = 400): Stretch[] {
  const stretches: Stretch[] = [];
  const gap = 1 / pixels;
  for (const node of nodes) {
    const at = place(window, node.startMs, node.endMs);
    if (!at) continue;
    const failed = node.span?.status === 'error';
    const last = stretches.at(-1);
    if (last && at.left <= last.left + last.width + gap) {
      last.width = Math.max(last.width, at.left + at.width - last.left);
      last.failed ||= failed;
    } else stretches.push({ ...at, failed });
  }
  return stretches;
}
