import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { type TouchedBy, touchedBy } from '#contracts/telemetry/injected.ts';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import type { PendingSpan, SpanRecord } from '../records.ts';

/** What some spans tell about their trace. Parts of one trace merge in any order to the same summary. */
export type TracePart = {
  traceId: string;
  root: { name: string; service: string; startNano: bigint } | null;
  first: { name: string; service: string };
  startNano: bigint;
  endNano: bigint;
  spanCount: number;
  errorCount: number;
  /** Errors, of this part or an earlier one, that are injected as is now known. */
  injectedCount: number;
  faults: TouchedBy[];
  services: Map<string, { spans: number; firstNano: bigint }>;
  orderId: string | null;
  arrivedMs: number;
};

/** Faults that are named. */
const mostFaults = 8;

/** The part that a single span makes. */
export function partOf(span: SpanRecord, arrivedMs: number): TracePart {
  const { name, service, startNano } = span;
  const endNano = startNano + BigInt(span.durationNano);
  const fault = touchedBy(span.attributes);
  return {
    traceId: span.traceId,
    root: span.parentSpanId === null ? { name, service, startNano } : null,
    first: { name, service },
    startNano,
    endNano,
    spanCount: 1,
    errorCount: span.status === 'error' ? 1 : 0,
    injectedCount: 0,
    faults: fault === null ? [] : [fault],
    services: new Map([[service, { spans: 1, firstNano: startNano }]]),
    orderId: orderIdOf(span),
    arrivedMs,
  };
}

/** Adds `from` into `into`, which it returns. */
export function mergePart(into: TracePart, from: TracePart): TracePart {
  // Of several roots (a trace continued by a batch without its parent) the earliest is the root.
  if (from.root !== null && (into.root === null || from.root.startNano < into.root.startNano)) into.root = from.root;
  if (from.startNano < into.startNano) {
    into.startNano = from.startNano;
    into.first = from.first;
  }
  if (from.endNano > into.endNano) into.endNano = from.endNano;
  into.spanCount += from.spanCount;
  into.errorCount += from.errorCount;
  into.injectedCount += from.injectedCount;
  for (const fault of from.faults) addFault(into, fault);
  into.orderId ??= from.orderId;
  into.arrivedMs = Math.max(into.arrivedMs, from.arrivedMs);
  for (const [name, seen] of from.services) mergeService(into, name, seen.spans, seen.firstNano);
  return into;
}

/** Adds one span into a part without making a part of it first: this runs for every span. */
export function addSpan(into: TracePart, span: SpanRecord, arrivedMs: number): void {
  const { name, service, startNano } = span;
  if (span.parentSpanId === null && (into.root === null || startNano < into.root.startNano))
    into.root = { name, service, startNano };
  if (startNano < into.startNano) {
    into.startNano = startNano;
    into.first = { name, service };
  }
  const endNano = startNano + BigInt(span.durationNano);
  if (endNano > into.endNano) into.endNano = endNano;
  into.spanCount++;
  if (span.status === 'error') into.errorCount++;
  const fault = touchedBy(span.attributes);
  if (fault !== null) addFault(into, fault);
  into.orderId ??= orderIdOf(span);
  into.arrivedMs = arrivedMs;
  mergeService(into, service, 1, startNano);
}

function addFault({ faults }: TracePart, fault: TouchedBy): void {
  if (faults.length >= mostFaults || faults.some(({ id, kind }) => id === fault.id && kind === fault.kind)) return;
  faults.push(fault);
}

function mergeService(into: TracePart, name: string, spans: number, firstNano: bigint): void {
  const known = into.services.get(name);
  if (known === undefined) into.services.set(name, { spans, firstNano });
  else {
    known.spans += spans;
    if (firstNano < known.firstNano) known.firstNano = firstNano;
  }
}

/** `orrery.order.id` of a span, or null. */
export function orderIdOf(span: SpanRecord): string | null {
  const id = span.attributes[names.orderId];
  return id === undefined || id === '' || Array.isArray(id) ? null : String(id);
}

/** The summary as the API shows it. */
export function toSummary(part: TracePart): TraceSummary {
  const root = part.root ?? part.first;
  const byFirst = [...part.services].sort(([, a], [, b]) =>
    a.firstNano < b.firstNano ? -1 : a.firstNano > b.firstNano ? 1 : 0,
  );
  return {
    traceId: part.traceId,
    rootName: root.name,
    rootService: root.service,
    rootMissing: part.root === null,
    startUnixNano: String(part.startNano),
    durationNano: Number(part.endNano - part.startNano),
    spanCount: part.spanCount,
    errorCount: part.errorCount,
    injectedCount: part.injectedCount,
    faults: part.faults,
    services: byFirst.map(([name, { spans }]) => ({ name, spans })),
    orderId: part.orderId,
    lastArrivalMs: part.arrivedMs,
  };
}

/**
 * Gathers the spans of a batch, and what has become known of failed ones of this batch or of earlier ones, into one part
 * per trace, with the range of sequence numbers it covers.
 */
export function partsOf(spans: readonly PendingSpan[], injected: readonly PendingSpan[]) {
  const parts = new Map<string, { part: TracePart; seqFrom: number; seqTo: number }>();
  for (const { span, seq, arrivedMs } of spans) {
    const known = parts.get(span.traceId);
    if (known === undefined) parts.set(span.traceId, { part: partOf(span, arrivedMs), seqFrom: seq, seqTo: seq });
    else {
      addSpan(known.part, span, arrivedMs);
      known.seqTo = seq;
    }
  }
  // It is proven by a span that has come with it or after it: the trace has a part in this batch.
  for (const { span } of injected) {
    const known = parts.get(span.traceId);
    if (known !== undefined) known.part.injectedCount++;
  }
  return [...parts.values()];
}
