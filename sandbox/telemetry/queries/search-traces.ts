import { AppError } from '#contracts/errors.ts';
import type { TouchedBy } from '#contracts/telemetry/injected.ts';
import type { TraceQuery, TraceSearchResult } from '#contracts/telemetry/query.ts';
import { createSqlParts, filterToSql } from '../filter/to-sql.ts';
import type { Read, Row } from '../store/database.ts';
import { mergePart, type TracePart, toSummary } from '../store/trace-part.ts';
import { toNano } from './range.ts';
import { shownSql } from './shown-sql.ts';

type Query = Required<Omit<TraceQuery, 'filter'>> & { filter: Parameters<typeof filterToSql>[0] };

// Spans arrive out of order: the part written first may believe in a start that is this much too late.
const disorderNano = 10_000_000_000n;
/** Newest traces looked at first, as a multiple of the page: most searches are for what has just happened. */
const firstLook = 10;

/** A time since which about `count` traces have started, or null when that is not known. */
export type StartOfLast = (count: number) => bigint | null;

/**
 * Traces that start in the range and have a span meeting every condition, newest or longest first. The newest page
 * is looked for among the newest traces only; when they do not fill it, in the whole range.
 */
export async function searchTraces(read: Read, query: Query, startOfLast: StartOfLast): Promise<TraceSearchResult> {
  const started = performance.now();
  const fromNano = toNano(query.range.fromMs);
  const newest = query.sort === 'start' && query.before === null && query.range.toMs === null;
  const recent = newest ? startOfLast(firstLook * query.limit) : null;
  const first = recent !== null && recent > fromNano ? await searchFrom(read, query, recent) : null;
  const { traces, sql } =
    first !== null && first.traces.length > query.limit ? first : await searchFrom(read, query, fromNano);
  return {
    traces: traces.slice(0, query.limit).map(toSummary),
    hasMore: traces.length > query.limit,
    elapsedMs: performance.now() - started,
    sql,
  };
}

async function searchFrom(read: Read, query: Query, fromNano: bigint): Promise<{ traces: TracePart[]; sql: string }> {
  const { sql, params } = searchSql(query, fromNano);
  const traces = [...mergeRows(await read(sql, params)).values()].sort(
    query.sort === 'start' ? newestFirst : (a, b) => Number(b.endNano - b.startNano) - Number(a.endNano - a.startNano),
  );
  return { traces, sql: shownSql(sql, params) };
}

function searchSql({ range, filter, sort, limit, before }: Query, fromNano: bigint) {
  if (sort === 'duration' && before !== null)
    throw new AppError('invalid_argument', 'pages are by start: “before” does not go with sort “duration”');
  const parts = createSqlParts();
  const from = parts.param(fromNano);
  const early = parts.param(fromNano - disorderNano);
  const rangeEnd = range.toMs === null ? '' : ` and began < ${parts.param(toNano(range.toMs))}`;
  const pageEnd = before === null ? '' : pageAfter(before, parts);
  const predicates = filterToSql(filter, 'spans', parts);
  const matching =
    predicates.length === 0
      ? ''
      : `\n    and trace_id in (select trace_id from spans where start_ns >= ${early} and ${predicates.join(' and ')})`;
  // Parts are fetched by rowid in a second step, so that grouping reads three columns and not all of them.
  const sql = `with page as (
  select trace_id, min(start_ns) as began, max(end_ns) - min(start_ns) as took, list(rowid) as parts
  from trace_parts
  where trace_start_ns >= ${early}${matching}
  group by trace_id
  having began >= ${from}${rangeEnd}${pageEnd}
  order by ${sort === 'start' ? 'began' : 'took'} desc, trace_id desc
  limit ${parts.param(limit + 1)}
)
select * from trace_parts where rowid in (select unnest(parts) from page)`;
  return { sql, params: parts.params };
}

/** Traces may start in the same nanosecond, so the last row of a page is named by its start and its id. */
function pageAfter(before: string, parts: ReturnType<typeof createSqlParts>): string {
  const [, start, traceId] = /^(\d{1,18}|[1-8]\d{18})\/([0-9a-f]{32})$/.exec(before) ?? [];
  if (start === undefined || traceId === undefined)
    throw new AppError('invalid_argument', '“before” is <start, epoch nanoseconds>/<trace id>');
  const [began, id] = [parts.param(BigInt(start)), parts.param(traceId)];
  return ` and (began < ${began} or (began = ${began} and trace_id < ${id}))`;
}

function newestFirst(a: TracePart, b: TracePart): number {
  if (a.startNano !== b.startNano) return a.startNano > b.startNano ? -1 : 1;
  return a.traceId > b.traceId ? -1 : 1;
}

/** Summaries' parts from rows of trace_parts, merged by trace. */
export function mergeRows(rows: readonly Row[]): Map<string, TracePart> {
  const merged = new Map<string, TracePart>();
  for (const row of rows) {
    const part = fromRow(row);
    const known = merged.get(part.traceId);
    if (known === undefined) merged.set(part.traceId, part);
    else mergePart(known, part);
  }
  return merged;
}

function fromRow(row: Row): TracePart {
  const startNano = row.start_ns as bigint;
  const services = JSON.parse(String(row.services)) as [string, number, string][];
  return {
    traceId: String(row.trace_id),
    root: row.root_name === null ? null : { name: String(row.root_name), service: String(row.root_service), startNano },
    first: { name: String(row.first_name), service: String(row.first_service) },
    startNano,
    endNano: row.end_ns as bigint,
    spanCount: Number(row.span_count),
    errorCount: Number(row.error_count),
    injectedCount: Number(row.injected_count),
    faults: row.faults === null ? [] : (JSON.parse(String(row.faults)) as TouchedBy[]),
    services: new Map(services.map(([name, spans, first]) => [name, { spans, firstNano: BigInt(first) }])),
    orderId: row.order_id === null ? null : String(row.order_id),
    arrivedMs: Number(row.arrived_ms),
  };
}
