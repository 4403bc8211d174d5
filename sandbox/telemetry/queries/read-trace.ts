import { countInjected } from '#contracts/telemetry/injected.ts';
import type { Attributes, SpanKind, SpanStatus, Trace } from '#contracts/telemetry/query.ts';
import { SpanKind as kinds, SpanStatus as statuses } from '#contracts/telemetry/query.ts';
import { type SpanRecord, toSpan } from '../records.ts';
import { fromColumns } from '../store/attribute-columns.ts';
import type { Read, Row } from '../store/database.ts';
import { type TracePart, toSummary } from '../store/trace-part.ts';
import { mergeRows } from './search-traces.ts';

/** One trace with its spans by start, or null when the store has none of it. */
export async function readTrace(read: Read, traceId: string): Promise<Trace | null> {
  const found = await readTraceSpans(read, traceId);
  if (found === null) return null;
  const spans = found.spans.map(toSpan);
  return { summary: { ...toSummary(found.part), injectedCount: countInjected(spans) }, spans };
}

/** What the store knows of one trace's summary, or null. */
export async function readTracePart(read: Read, traceId: string): Promise<TracePart | null> {
  const rows = await read('select * from trace_parts where trace_id = $1', [traceId]);
  return mergeRows(rows).get(traceId) ?? null;
}

/** The trace's spans as records, with the merged part. */
export async function readTraceSpans(
  read: Read,
  traceId: string,
): Promise<{ part: TracePart; spans: SpanRecord[] } | null> {
  const parts = await read('select * from trace_parts where trace_id = $1', [traceId]);
  const part = mergeRows(parts).get(traceId);
  if (part === undefined) return null;
  // Sequence numbers prune row groups: a trace lies in few of them.
  const from = parts.reduce((low, row) => ((row.seq_from as bigint) < low ? (row.seq_from as bigint) : low), 1n << 62n);
  const to = parts.reduce((high, row) => ((row.seq_to as bigint) > high ? (row.seq_to as bigint) : high), 0n);
  const rows = await read(
    'select * exclude (text) from spans where trace_id = $1 and seq between $2 and $3 order by start_ns, seq',
    [traceId, from, to],
  );
  const resources = new Map<string, Attributes>();
  return { part, spans: rows.map((row) => toRecord(row, resources)) };
}

function toRecord(row: Row, resources: Map<string, Attributes>): SpanRecord {
  return {
    traceId: String(row.trace_id),
    spanId: String(row.span_id),
    parentSpanId: textOrNull(row.parent_id),
    name: String(row.name),
    kind: kinds.options[Number(row.kind)] ?? ('internal' satisfies SpanKind),
    service: String(row.service),
    startNano: row.start_ns as bigint,
    durationNano: Number(row.duration_ns),
    status: statuses.options[Number(row.status)] ?? ('unset' satisfies SpanStatus),
    statusMessage: textOrNull(row.status_message),
    scope: String(row.scope),
    attributes: fromColumns({
      attributes: String(row.attributes),
      idKeys: textOrNull(row.id_keys),
      idValues: textOrNull(row.id_values),
    }),
    resource: resourceOf(String(row.resource), resources),
    events: row.events === null ? [] : JSON.parse(String(row.events)),
    links: row.links === null ? [] : JSON.parse(String(row.links)),
  };
}

/** A trace's spans share few resources: parse each once. */
function resourceOf(json: string, known: Map<string, Attributes>): Attributes {
  const parsed = known.get(json) ?? (JSON.parse(json) as Attributes);
  known.set(json, parsed);
  return parsed;
}

/** A text column that may be null. */
export function textOrNull(value: Row[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
