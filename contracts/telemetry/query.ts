import { z } from 'zod';
import { SpanId, TraceId } from '../ids.ts';

/**
 * Query API of the telemetry store, HTTP on loopback, `Authorization: Bearer <TELEMETRY_TOKEN>`. The OTLP/HTTP
 * receiver (`POST /v1/traces`, `POST /v1/logs`; header `x-orrery-otlp-key`) listens on the same port.
 * Times are epoch nanoseconds as decimal strings where exact (ids of one instant), epoch milliseconds in filters.
 *
 * | request | answer |
 * |---|---|
 * | POST /api/traces/search TraceQuery | TraceSearchResult |
 * | GET /api/traces/:traceId | Trace (404 problem when unknown) |
 * | POST /api/logs/search LogQuery | LogSearchResult |
 * | POST /api/red RedQuery | RedResult (rate, errors, duration by service and by edge) |
 * | GET /api/facets?signal=traces\|logs&field=service | Facet[] |
 * | GET /api/stats | StoreStats |
 * | PUT /api/faults FaultWindow[] | 204; see faults.ts |
 * | GET /api/stream/traces?service=&status=&… | SSE `event: trace` TraceSummary, when a trace is new or has grown (≤ 4/s per trace) |
 * | GET /api/stream/traces/:traceId | SSE `event: spans` Span[] as they arrive (all known ones first) |
 * | GET /api/stream/logs?q=… | SSE `event: logs` LogRecord[] matching the LogQuery filter, batched ≤ 10/s |
 * | GET /api/stream/red?windowSeconds=60 | SSE `event: red` RedResult once a second |
 */
export const AttributeValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
]);
export type AttributeValue = z.infer<typeof AttributeValue>;
export const Attributes = z.record(z.string(), AttributeValue);
export type Attributes = z.infer<typeof Attributes>;

export const SpanKind = z.enum(['internal', 'server', 'client', 'producer', 'consumer']);
export type SpanKind = z.infer<typeof SpanKind>;
export const SpanStatus = z.enum(['unset', 'ok', 'error']);
export type SpanStatus = z.infer<typeof SpanStatus>;

export const Span = z.object({
  traceId: TraceId,
  spanId: SpanId,
  parentSpanId: SpanId.nullable(),
  name: z.string(),
  kind: SpanKind,
  service: z.string().describe('service.name of the resource'),
  startUnixNano: z.string().describe('Epoch nanoseconds, decimal'),
  durationNano: z.number().describe('Duration, nanoseconds'),
  status: SpanStatus,
  statusMessage: z.string().nullable(),
  scope: z.string().describe('Instrumentation scope name'),
  attributes: Attributes,
  resource: Attributes,
  events: z.array(z.object({ name: z.string(), timeUnixNano: z.string(), attributes: Attributes })),
  links: z.array(z.object({ traceId: TraceId, spanId: SpanId, attributes: Attributes })),
});
export type Span = z.infer<typeof Span>;

export const Severity = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']);
export type Severity = z.infer<typeof Severity>;

export const LogRecord = z.object({
  id: z
    .string()
    .describe('Stable id within the store, decimal: a later record has a larger one. It may have 31 digits'),
  timeUnixNano: z.string(),
  severity: Severity,
  service: z.string(),
  instance: z.string().nullable(),
  body: z.string().describe('The message'),
  traceId: TraceId.nullable(),
  spanId: SpanId.nullable(),
  attributes: Attributes,
});
export type LogRecord = z.infer<typeof LogRecord>;

/** Half-open time range, epoch milliseconds. `to` null means now (live). */
export const TimeRange = z.object({ fromMs: z.number(), toMs: z.number().nullable() });
export type TimeRange = z.infer<typeof TimeRange>;

/**
 * One condition. `field` is `service`, `name`, `kind`, `status`, `duration` (nanoseconds), `severity`, `body`,
 * `traceId`, or an attribute name. The text form people type (`service:orders status:error duration>200ms
 * "free text"`) parses to a list of these; conditions are ANDed.
 */
export const Condition = z.object({
  field: z.string(),
  op: z.enum(['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains', 'exists']),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
});
export type Condition = z.infer<typeof Condition>;

export const Filter = z.object({
  conditions: z.array(Condition).default([]),
  text: z
    .string()
    .nullable()
    .default(null)
    .describe('Free text: case-insensitive, in span or log body, name and string attributes'),
});
export type Filter = z.infer<typeof Filter>;

export const TraceQuery = z.object({
  range: TimeRange,
  filter: Filter.describe('A trace matches when one of its spans meets every condition'),
  sort: z.enum(['start', 'duration']).default('start'),
  limit: z.int().min(1).max(500).default(100),
  before: z
    .string()
    .nullable()
    .default(null)
    .describe('Last row of the page before, as <startUnixNano>/<traceId>: starts alone may be equal'),
  partial: z
    .boolean()
    .default(false)
    .describe(
      'Instead of a refusal, what can be found with bounded work; hasMore then also says that not everything was looked at',
    ),
});
export type TraceQuery = z.input<typeof TraceQuery>;

export const TraceSummary = z.object({
  traceId: TraceId,
  rootName: z.string().describe('Name of the root span, or of the earliest known span while the root is missing'),
  rootService: z.string(),
  rootMissing: z.boolean(),
  startUnixNano: z.string(),
  durationNano: z.number().describe('From the first start to the last end known'),
  spanCount: z.int(),
  errorCount: z.int(),
  injectedCount: z.int().describe('Of the errors, those that faults have caused (injected.ts); the others are organic'),
  faults: z.array(z.object({ id: z.string().nullable(), kind: z.string() })).describe('That touched one of its spans'),
  services: z.array(z.object({ name: z.string(), spans: z.int() })).describe('By first appearance'),
  orderId: z.string().nullable().describe('orrery.order.id of any of its spans'),
  lastArrivalMs: z.number().describe('When the last span arrived, epoch milliseconds; recent means still growing'),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

export const TraceSearchResult = z.object({
  traces: z.array(TraceSummary),
  hasMore: z.boolean(),
  elapsedMs: z.number(),
  sql: z.string().describe('The query that ran, for the panel to show'),
});
export type TraceSearchResult = z.infer<typeof TraceSearchResult>;

export const Trace = z.object({ summary: TraceSummary, spans: z.array(Span).describe('By start time') });
export type Trace = z.infer<typeof Trace>;

export const LogQuery = z.object({
  range: TimeRange,
  filter: Filter,
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z.int().min(1).max(1000).default(200),
  before: z.string().nullable().default(null).describe('Id of the last row of the page before'),
});
export type LogQuery = z.input<typeof LogQuery>;

export const LogSearchResult = z.object({
  logs: z.array(LogRecord),
  hasMore: z.boolean(),
  elapsedMs: z.number(),
  sql: z.string(),
});
export type LogSearchResult = z.infer<typeof LogSearchResult>;

export const RedQuery = z.object({
  windowSeconds: z.int().min(5).max(3600).default(60),
  buckets: z.int().min(1).max(120).default(30).describe('Number of points per sparkline series'),
});
export type RedQuery = z.input<typeof RedQuery>;

/** Rate, errors, duration over a window. For a service: its server and consumer spans. For an edge: the caller's client spans. */
export const Red = z.object({
  ratePerSecond: z.number(),
  errorRatio: z.number().min(0).max(1),
  injectedRatio: z
    .number()
    .min(0)
    .max(1)
    .describe('The part of errorRatio that faults have caused (injected.ts); the rest is organic'),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  count: z.int(),
});
export type Red = z.infer<typeof Red>;

export const RedResult = z.object({
  atMs: z.number(),
  windowSeconds: z.number(),
  services: z.array(
    Red.extend({
      service: z.string(),
      series: z.array(
        z.object({ atMs: z.number(), ratePerSecond: z.number(), errorRatio: z.number(), p95Ms: z.number().nullable() }),
      ),
    }),
  ),
  edges: z.array(
    Red.extend({
      from: z.string().describe('Process, or topic for a consumer edge'),
      to: z.string().describe('Process (peer.service, database → postgres), or topic for a producer edge'),
      protocol: z.enum(['http', 'grpc', 'postgres', 'kafka-produce', 'kafka-consume']),
    }),
  ),
});
export type RedResult = z.infer<typeof RedResult>;

export const Facet = z.object({
  value: z.string(),
  count: z.int().nullable().describe('How often it occurs; null where the store does not count'),
});
export type Facet = z.infer<typeof Facet>;

export const StoreStats = z.object({
  spans: z.int(),
  logs: z.int(),
  bytes: z.int(),
  budgetBytes: z.int(),
  evictedSpans: z.int(),
  evictedLogs: z.int(),
  oldestMs: z.number().nullable(),
  rejected: z.int().describe('Requests refused since start (bad bytes, wrong key, too large)'),
});
export type StoreStats = z.infer<typeof StoreStats>;
