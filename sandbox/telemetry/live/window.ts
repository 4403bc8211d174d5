import type { SpanRecord } from '../records.ts';
import { addSpan, partOf, type TracePart } from '../store/trace-part.ts';

/** A trace that something arrived for lately: its summary so far, and the spans that are still held. */
export type RecentTrace = { part: TracePart; spans: SpanRecord[] };

/** The traces touched last, in memory, within bounds: what live subscribers are told about needs no query. */
export type TraceWindow = {
  add(span: SpanRecord, arrivedMs: number): void;
  /** Counts one of the trace's errors as injected. */
  addInjected(traceId: string): void;
  get(traceId: string): RecentTrace | undefined;
  /** A time since which about `count` traces have started, or null when fewer are known. */
  startOfLast(count: number): bigint | null;
};

export type WindowBounds = { spans: number; traces: number };

/** Keeps summaries of `traces` traces and at most `spans` spans; what was untouched for longest leaves first. */
export function createTraceWindow(bounds: WindowBounds): TraceWindow {
  // Map order is order of last touch. Summaries are small and are kept for longer than spans.
  const traces = new Map<string, RecentTrace>();
  const withSpans = new Map<string, RecentTrace>();
  let held = 0;

  const trim = (): void => {
    if (held <= bounds.spans && traces.size <= bounds.traces) return;
    for (const [traceId, trace] of withSpans) {
      if (held <= bounds.spans) break;
      held -= trace.spans.length;
      trace.spans = [];
      withSpans.delete(traceId);
    }
    for (const traceId of traces.keys()) {
      if (traces.size <= bounds.traces) break;
      held -= traces.get(traceId)?.spans.length ?? 0;
      traces.delete(traceId);
      withSpans.delete(traceId);
    }
  };
  return {
    add(span, arrivedMs) {
      const known = traces.get(span.traceId);
      const trace = known ?? { part: partOf(span, arrivedMs), spans: [] };
      if (known !== undefined) addSpan(known.part, span, arrivedMs);
      for (const touched of [traces, withSpans]) {
        touched.delete(span.traceId);
        touched.set(span.traceId, trace);
      }
      trace.spans.push(span);
      held++;
      trim();
    },
    addInjected(traceId) {
      const known = traces.get(traceId);
      if (known !== undefined) known.part.injectedCount++;
    },
    get: (traceId) => traces.get(traceId),
    startOfLast(count) {
      if (traces.size < count) return null;
      let index = 0;
      for (const { part } of traces.values()) {
        if (index++ === traces.size - count) return part.startNano;
      }
      return null;
    },
  };
}
