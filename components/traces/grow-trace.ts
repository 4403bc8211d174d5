import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { countInjected, type TouchedBy, touchedBy } from '#contracts/telemetry/injected.ts';
import type { Span, Trace, TraceSummary } from '#contracts/telemetry/query.ts';

/**
 * The trace with spans that have just arrived; the same object when all were known. Its summary is made anew from the
 * spans, as the store does it (sandbox/telemetry/store/trace-part.ts). Null while there is no span at all.
 */
export function growTrace(before: Trace | null, arrived: readonly Span[], nowMs: number): Trace | null {
  const known = new Set(before?.spans.map(({ spanId }) => spanId));
  const fresh = arrived.filter(({ spanId }) => !known.has(spanId) && known.add(spanId));
  if (fresh.length === 0) return before;
  const spans = [...(before?.spans ?? []), ...fresh].sort((a, b) => compareNano(a.startUnixNano, b.startUnixNano));
  const first = spans[0];
  return first ? { spans, summary: summarise(spans, first, nowMs) } : before;
}

function summarise(spans: readonly Span[], first: Span, lastArrivalMs: number): TraceSummary {
  const root = spans.find(({ parentSpanId }) => parentSpanId === null) ?? null;
  const named = root ?? first;
  const services = new Map<string, number>();
  let end = 0n;
  let orderId: string | null = null;
  const faults = new Map<string, TouchedBy>();
  for (const span of spans) {
    services.set(span.service, (services.get(span.service) ?? 0) + 1);
    const ended = endOf(span);
    if (ended > end) end = ended;
    const fault = touchedBy(span.attributes);
    if (fault !== null) faults.set(`${fault.id} ${fault.kind}`, fault);
    const id = span.attributes[names.orderId];
    if (orderId === null && typeof id === 'string' && id !== '') orderId = id;
  }
  return {
    traceId: first.traceId,
    rootName: named.name,
    rootService: named.service,
    rootMissing: root === null,
    startUnixNano: first.startUnixNano,
    durationNano: Number(end - BigInt(first.startUnixNano)),
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === 'error').length,
    injectedCount: countInjected(spans),
    faults: [...faults.values()],
    services: [...services].map(([name, count]) => ({ name, spans: count })),
    orderId,
    lastArrivalMs,
  };
}

function endOf({ startUnixNano, durationNano }: Span): bigint {
  return BigInt(startUnixNano) + BigInt(Math.round(durationNano));
}

/** Decimal strings by their number. */
function compareNano(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
