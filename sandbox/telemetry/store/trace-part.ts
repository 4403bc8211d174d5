import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { isInjected, type TouchedBy, touchedBy } from '#contracts/telemetry/injected.ts';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';

/** What some spans tell about their trace. Parts of one trace merge in any order to the same summary. */
export type TracePart = {
  traceId: string;
  root: { name: string; service: string; startNano: bigint } | null;
  first: { name: string; service: string };
  startNano: bigint;
  endNano: bigint;
  spanCount: number;
  errorCount: number;
  /** Ends of the earliest errors: those before the first touched span are organic. */
  errorEnds: bigint[];
  /** Start of the first span that a fault touched. */
  touchedFrom: bigint | null;
  faults: TouchedBy[];
  services: Map<string, { spans: number; firstNano: bigint }>;
  orderId: string | null;
  arrivedMs: number;
};

/** Errors before the first touch that can be told from those after it, and faults that are named. */
const mostErrorEnds = 64;
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
    errorEnds: span.status === 'error' ? [endNano] : [],
    touchedFrom: fault === null ? null : startNano,
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
  for (const endNano of from.errorEnds) addErrorEnd(into, endNano);
  for (const fault of from.faults) addFault(into, fault);
  if (from.touchedFrom !== null) touchFrom(into, from.touchedFrom);
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
  if (span.status === 'error') {
    into.errorCount++;
    addErrorEnd(into, endNano);
  }
  const fault = touchedBy(span.attributes);
  if (fault !== null) {
    addFault(into, fault);
    touchFrom(into, startNano);
  }
  into.orderId ??= orderIdOf(span);
  into.arrivedMs = arrivedMs;
  mergeService(into, service, 1, startNano);
}

function touchFrom(into: TracePart, startNano: bigint): void {
  if (into.touchedFrom === null || startNano < into.touchedFrom) into.touchedFrom = startNano;
}

function addFault({ faults }: TracePart, fault: TouchedBy): void {
  if (faults.length >= mostFaults || faults.some(({ id, kind }) => id === fault.id && kind === fault.kind)) return;
  faults.push(fault);
}

/** Keeps the earliest, in order. */
function addErrorEnd({ errorEnds }: TracePart, endNano: bigint): void {
  const last = errorEnds.at(-1);
  if (errorEnds.length >= mostErrorEnds && (last === undefined || endNano >= last)) return;
  errorEnds.push(endNano);
  errorEnds.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (errorEnds.length > mostErrorEnds) errorEnds.pop();
}

/** Errors of the trace that are injected. */
function injectedCount({ errorCount, errorEnds, touchedFrom }: TracePart): number {
  return touchedFrom === null ? 0 : errorCount - errorEnds.filter((end) => !isInjected(end, touchedFrom)).length;
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
    injectedCount: injectedCount(part),
    faults: part.faults,
    services: byFirst.map(([name, { spans }]) => ({ name, spans })),
    orderId: part.orderId,
    lastArrivalMs: part.arrivedMs,
  };
}

/** Gathers the spans of a batch into one part per trace, with the range of sequence numbers it covers. */
export function partsOf(spans: readonly { span: SpanRecord; seq: number; arrivedMs: number }[]) {
  const parts = new Map<string, { part: TracePart; seqFrom: number; seqTo: number }>();
  for (const { span, seq, arrivedMs } of spans) {
    const known = parts.get(span.traceId);
    if (known === undefined) parts.set(span.traceId, { part: partOf(span, arrivedMs), seqFrom: seq, seqTo: seq });
    else {
      addSpan(known.part, span, arrivedMs);
      known.seqTo = seq;
    }
  }
  return [...parts.values()];
}
