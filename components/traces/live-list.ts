import type { TraceSummary } from '#contracts/telemetry/query.ts';

export type TraceSort = 'start' | 'duration';

/** The list on screen, and what arrived while the reader should not be moved. */
export type LiveTraces = { shown: readonly TraceSummary[]; held: readonly TraceSummary[] };

/**
 * Takes in what the stream brought. Traces on screen grow in place and keep their row. New ones go to their place by the
 * sort, or wait in `held` while `hold` is set: the reader has scrolled, or has a panel open. Pure.
 */
export function takeIn(
  { shown, held }: LiveTraces,
  arrived: readonly TraceSummary[],
  { sort, hold, most }: { sort: TraceSort; hold: boolean; most: number },
): LiveTraces {
  if (arrived.length === 0 && (hold || held.length === 0)) return { shown, held };
  const fresh = new Map(arrived.map((trace) => [trace.traceId, trace]));
  const known = new Set(shown.map(({ traceId }) => traceId));
  const grown = shown.map((trace) => fresh.get(trace.traceId) ?? trace);
  const waiting = new Map(held.flatMap((trace) => (known.has(trace.traceId) ? [] : [[trace.traceId, trace]])));
  for (const [traceId, trace] of fresh) if (!known.has(traceId)) waiting.set(traceId, trace);
  if (hold) return { shown: grown, held: [...waiting.values()] };
  return { shown: [...grown, ...waiting.values()].sort(orders[sort]).slice(0, most), held: [] };
}

/**
 * A list read again, without losing what the stream has told meanwhile: of a trace in both the one that heard of its
 * spans later, and traces that arrived after everything in the answer. Pure.
 */
export function keepNewest(
  before: readonly TraceSummary[],
  answer: readonly TraceSummary[],
  { sort, most }: { sort: TraceSort; most: number },
): TraceSummary[] {
  const known = new Map(before.map((trace) => [trace.traceId, trace]));
  const latestMs = answer.reduce((latest, { lastArrivalMs }) => Math.max(latest, lastArrivalMs), 0);
  const merged = answer.map((trace) => {
    const told = known.get(trace.traceId);
    known.delete(trace.traceId);
    return told && told.lastArrivalMs > trace.lastArrivalMs ? told : trace;
  });
  const newer = [...known.values()].filter(({ lastArrivalMs }) => lastArrivalMs > latestMs);
  return [...merged, ...newer].sort(orders[sort]).slice(0, most);
}

const orders: Record<TraceSort, (a: TraceSummary, b: TraceSummary) => number> = {
  start: (a, b) => compare(b.startUnixNano, a.startUnixNano),
  duration: (a, b) => b.durationNano - a.durationNano,
};

/** Epoch nanoseconds of our time all have 19 digits, so their order is the order of their text. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
