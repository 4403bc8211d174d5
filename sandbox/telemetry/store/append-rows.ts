import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { Severity, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import type { PendingSpan, SpanRecord, StoredLog } from '../records.ts';
import { httpStatusOf } from './attribute-columns.ts';
import type { KnownColumns } from './known-columns.ts';
import { orderIdOf, partsOf } from './trace-part.ts';

/** Position of a value in its closed union: what the tables store. */
export const kindIndex: ReadonlyMap<string, number> = new Map(SpanKind.options.map((kind, index) => [kind, index]));
export const statusIndex: ReadonlyMap<string, number> = new Map(SpanStatus.options.map((status, i) => [status, i]));
export const severityIndex: ReadonlyMap<string, number> = new Map(
  Severity.options.map((level, index) => [level, index]),
);

/** Start of a whole trace, epoch nanoseconds, as far as it is known in memory. */
export type StartOf = (traceId: string) => bigint | null;

/** Appends spans and what they say about their traces, in the connection's transaction. */
export async function appendSpans(
  connection: DuckDBConnection,
  spans: readonly PendingSpan[],
  injected: readonly PendingSpan[],
  startOf: StartOf,
  known: KnownColumns,
): Promise<void> {
  const resources = new Map<object, string>();
  await withAppender(connection, 'spans', (appender) => {
    for (const pending of spans) appendSpan(appender, pending, resources, known);
  });
  await withAppender(connection, 'trace_parts', (appender) => {
    for (const { part, seqFrom, seqTo } of partsOf(spans, injected)) {
      appender.appendBigInt(BigInt(seqFrom));
      appender.appendBigInt(BigInt(seqTo));
      appender.appendVarchar(part.traceId);
      text(appender, part.root?.name ?? null);
      text(appender, part.root?.service ?? null);
      appender.appendVarchar(part.first.name);
      appender.appendVarchar(part.first.service);
      appender.appendBigInt(startOf(part.traceId) ?? part.startNano);
      appender.appendBigInt(part.startNano);
      appender.appendBigInt(part.endNano);
      appender.appendUInteger(part.spanCount);
      appender.appendUInteger(part.errorCount);
      appender.appendUInteger(part.injectedCount);
      text(appender, part.faults.length === 0 ? null : JSON.stringify(part.faults));
      const services = [...part.services].map(([name, s]) => [name, s.spans, String(s.firstNano)]);
      appender.appendVarchar(JSON.stringify(services));
      text(appender, part.orderId);
      appender.appendBigInt(BigInt(part.arrivedMs));
      appender.endRow();
    }
  });
}

function appendSpan(
  appender: DuckDBAppender,
  { span, seq }: PendingSpan,
  resources: Map<object, string>,
  known: KnownColumns,
): void {
  const columns = known.of(span.name, span.statusMessage, span.attributes);
  appender.appendBigInt(BigInt(seq));
  appender.appendVarchar(span.traceId);
  appender.appendVarchar(span.spanId);
  text(appender, span.parentSpanId);
  appender.appendVarchar(span.name);
  appender.appendUTinyInt(kindIndex.get(span.kind) ?? 0);
  appender.appendVarchar(span.service);
  appender.appendBigInt(span.startNano);
  appender.appendBigInt(BigInt(span.durationNano));
  appender.appendUTinyInt(statusIndex.get(span.status) ?? 0);
  text(appender, span.statusMessage);
  appender.appendVarchar(span.scope);
  appender.appendVarchar(columns.attributes);
  text(appender, columns.idKeys);
  text(appender, columns.idValues);
  appender.appendVarchar(columns.text);
  text(appender, orderIdOf(span));
  const httpStatus = httpStatusOf(span.attributes[names.httpResponseStatusCode]);
  if (httpStatus === null) appender.appendNull();
  else appender.appendUSmallInt(httpStatus);
  appender.appendVarchar(resourceText(span, resources));
  text(appender, span.events.length === 0 ? null : JSON.stringify(span.events));
  text(appender, span.links.length === 0 ? null : JSON.stringify(span.links));
  appender.endRow();
}

/** Appends log records in the connection's transaction. */
export async function appendLogs(
  connection: DuckDBConnection,
  logs: readonly StoredLog[],
  known: KnownColumns,
): Promise<void> {
  await withAppender(connection, 'logs', (appender) => {
    for (const log of logs) {
      const columns = known.of(log.body, null, log.attributes);
      appender.appendBigInt(BigInt(log.seq));
      appender.appendBigInt(log.timeNano);
      appender.appendUTinyInt(severityIndex.get(log.severity) ?? 2);
      appender.appendVarchar(log.service);
      text(appender, log.instance);
      appender.appendVarchar(log.body);
      text(appender, log.traceId);
      text(appender, log.spanId);
      appender.appendVarchar(columns.attributes);
      text(appender, columns.idKeys);
      text(appender, columns.idValues);
      appender.appendVarchar(columns.text);
      appender.endRow();
    }
  });
}

async function withAppender(connection: DuckDBConnection, table: string, use: (a: DuckDBAppender) => void) {
  const appender = await connection.createAppender(table);
  try {
    use(appender);
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

function text(appender: DuckDBAppender, value: string | null): void {
  if (value === null) appender.appendNull();
  else appender.appendVarchar(value);
}

/** One batch shares few resources: stringify each once. */
function resourceText(span: SpanRecord, known: Map<object, string>): string {
  let json = known.get(span.resource);
  if (json === undefined) {
    json = JSON.stringify(span.resource);
    known.set(span.resource, json);
  }
  return json;
}
