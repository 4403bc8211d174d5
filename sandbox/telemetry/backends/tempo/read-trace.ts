import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { createInjectedErrors, type Known, touchedBy } from '#contracts/telemetry/injected.ts';
import { markTouched } from '../../faults/mark-touched.ts';
import type { SpanRecord } from '../../records.ts';
import { addSpan, partOf, type TracePart } from '../../store/trace-part.ts';
import type { FoundTrace, Tempo } from './tempo.ts';

/** A trace in full: its spans as the embedded store would have them, marked by faults, and their summary. */
export type WholeTrace = {
  spans: SpanRecord[];
  part: TracePart;
  /** Ids of the spans that failed because of a fault. */
  injected: ReadonlySet<string>;
};

/** Reads traces in full, and remembers those of which Tempo has said since that they have not grown. */
export type TraceReader = {
  read(traceId: string, signal: AbortSignal): Promise<WholeTrace | null>;
  /** The same for some that were found, in their order; those that are gone are left out. */
  readAll(found: readonly FoundTrace[], signal: AbortSignal): Promise<WholeTrace[]>;
};

/** About 60 MB of spans. */
const mostRemembered = 50_000;
const atATime = 8;

export function createTraceReader(tempo: Tempo, windows: () => readonly FaultWindow[]): TraceReader {
  const remembered = new Map<string, SpanRecord[]>();
  let held = 0;

  const forget = (traceId: string): void => {
    held -= remembered.get(traceId)?.length ?? 0;
    remembered.delete(traceId);
  };
  const remember = (traceId: string, spans: SpanRecord[]): void => {
    forget(traceId);
    remembered.set(traceId, spans);
    held += spans.length;
    for (const oldest of remembered.keys()) {
      if (held <= mostRemembered) break;
      forget(oldest);
    }
  };
  const whole = (spans: SpanRecord[] | null): WholeTrace | null => {
    const marked = markTouched(spans ?? [], windows());
    const [first, ...others] = marked;
    if (first === undefined) return null;
    // Tempo does not tell when a span arrived; none arrives before it has ended.
    const part = partOf(first, endMs(first));
    for (const span of others) addSpan(part, span, Math.max(part.arrivedMs, endMs(span)));
    const injected = injectedIn(marked);
    part.injectedCount = injected.size;
    return { spans: marked, part, injected };
  };
  const readFound = async ({ traceId, size }: FoundTrace, signal: AbortSignal): Promise<WholeTrace | null> => {
    const known = remembered.get(traceId);
    if (known !== undefined && known.length === size) return whole(known);
    const spans = await tempo.trace(traceId, signal);
    if (spans !== null) remember(traceId, spans);
    return whole(spans);
  };
  return {
    read: async (traceId, signal) => whole(await tempo.trace(traceId, signal)),
    async readAll(found, signal) {
      const traces: WholeTrace[] = [];
      for (let at = 0; at < found.length; at += atATime) {
        const some = await Promise.all(found.slice(at, at + atATime).map((one) => readFound(one, signal)));
        traces.push(...some.filter((trace) => trace !== null));
      }
      return traces;
    },
  };
}

function injectedIn(spans: readonly SpanRecord[]): Set<string> {
  const injected = new Set<string>();
  const errors = createInjectedErrors<string>(new Map<string, Known<string>>(), (spanId) => injected.add(spanId));
  for (const { spanId, parentSpanId, startNano, durationNano, status, attributes } of spans) {
    const endNano = startNano + BigInt(durationNano);
    const touched = touchedBy(attributes) !== null;
    errors.take({ spanId, parentSpanId, startNano, endNano, touched }, status === 'error' ? spanId : null);
  }
  return injected;
}

function endMs({ startNano, durationNano }: SpanRecord): number {
  return Number((startNano + BigInt(durationNano)) / 1_000_000n);
}
