import type { Attributes, Span, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import type { Resource, SpanRecord } from '../records.ts';
import { normalise } from './semconv.ts';

/** A span as either encoding gives it, before it is checked. Ids are hex, times epoch nanoseconds. */
export type RawSpan = {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startNano: bigint;
  endNano: bigint;
  attributes: Attributes;
  events: { name: string; timeNano: bigint; attributes: Attributes }[];
  links: { traceId: string; spanId: string; attributes: Attributes }[];
  statusCode: number;
  statusMessage: string;
};

export function emptySpan(): RawSpan {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    startNano: 0n,
    endNano: 0n,
    attributes: {},
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: '',
  };
}

const kinds: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];
/** Later than this is a broken clock, and would not fit the store's signed 64 bits. */
const latestNano = 4_102_444_800_000_000_000n;

/** The checked record, or the reason why the span is refused (the others of its batch are kept). */
export function buildSpan(raw: RawSpan, resource: Resource, scope: string): SpanRecord | string {
  if (!isTraceId(raw.traceId)) return 'a span has no valid trace id (16 bytes, not all zero)';
  if (!isSpanId(raw.spanId)) return 'a span has no valid span id (8 bytes, not all zero)';
  if (raw.startNano <= 0n || raw.startNano > latestNano) return `span ${raw.spanId} has no valid start time`;
  const kind = kinds[raw.kind] ?? 'internal';
  const duration = Number(raw.endNano - raw.startNano);
  return {
    traceId: raw.traceId,
    spanId: raw.spanId,
    parentSpanId: isSpanId(raw.parentSpanId) ? raw.parentSpanId : null,
    name: raw.name,
    kind,
    service: resource.service,
    startNano: raw.startNano,
    // A span that ends before it starts (clock stepped back) counts as instantaneous rather than as lost.
    durationNano: duration > 0 && raw.endNano <= latestNano ? duration : 0,
    status: statuses[raw.statusCode] ?? 'unset',
    statusMessage: raw.statusMessage === '' ? null : raw.statusMessage,
    scope,
    attributes: normalise(raw.attributes, kind),
    resource: resource.attributes,
    events: raw.events.map(toEvent),
    links: raw.links.filter((link) => isTraceId(link.traceId) && isSpanId(link.spanId)),
  };
}

function toEvent(event: RawSpan['events'][number]): Span['events'][number] {
  return { name: event.name, timeUnixNano: String(event.timeNano), attributes: event.attributes };
}

const zeroTrace = '0'.repeat(32);
const zeroSpan = '0'.repeat(16);

/** 32 hex digits, not all zero. Hex comes from our own decoder or was checked by it. */
export function isTraceId(id: string): boolean {
  return id.length === 32 && id !== zeroTrace;
}

/** 16 hex digits, not all zero. */
export function isSpanId(id: string): boolean {
  return id.length === 16 && id !== zeroSpan;
}

/** The resource with what every record needs picked out. */
export function buildResource(attributes: Attributes): Resource {
  const current = normalise(attributes, 'internal');
  const instance = current['service.instance.id'];
  return {
    service: String(current['service.name'] ?? 'unknown_service'),
    instance: instance === undefined ? null : String(instance),
    attributes: current,
  };
}
