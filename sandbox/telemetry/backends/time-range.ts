import type { TimeRange } from '#contracts/telemetry/query.ts';
import { toNano } from '../queries/range.ts';

/**
 * Loki and Tempo keep a week (exporters/observability/stores.ts), and refuse to be asked about more at once. A range
 * that begins earlier begins where they do.
 */
const keptMs = 7 * 24 * 3_600_000;
/** What is written now may be dated a little ahead, by another clock. */
const aheadMs = 60_000;

/** [from, to) in epoch nanoseconds, within what the backends keep. */
export function keptRange({ fromMs, toMs }: TimeRange, nowMs: number): { fromNano: bigint; toNano: bigint } {
  const end = Math.min(toMs ?? Number.POSITIVE_INFINITY, nowMs + aheadMs);
  return { fromNano: toNano(Math.max(fromMs, end - keptMs + aheadMs)), toNano: toNano(end) };
}

export function earlier(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

export function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
