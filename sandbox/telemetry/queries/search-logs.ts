import { AppError } from '#contracts/errors.ts';
import { type Filter, type LogQuery, type LogSearchResult, Severity } from '#contracts/telemetry/query.ts';
import { createSqlParts, filterToSql } from '../filter/to-sql.ts';
import { type StoredLog, toLogRecord } from '../records.ts';
import { fromColumns } from '../store/attribute-columns.ts';
import type { Read, Row } from '../store/database.ts';
import { toNano } from './range.ts';
import { textOrNull } from './read-trace.ts';
import { shownSql } from './shown-sql.ts';

type Query = Required<Omit<LogQuery, 'filter'>> & { filter: Filter };

/** Log records in the range that meet every condition, by arrival. */
export async function searchLogs(read: Read, query: Query): Promise<LogSearchResult> {
  const started = performance.now();
  const { sql, params } = searchSql(query);
  const rows = await read(sql, params);
  return {
    logs: rows.slice(0, query.limit).map(toStored).map(toLogRecord),
    hasMore: rows.length > query.limit,
    elapsedMs: performance.now() - started,
    sql: shownSql(sql, params),
  };
}

function searchSql({ range, filter, order, limit, before }: Query) {
  const parts = createSqlParts();
  const where = [`time_ns >= ${parts.param(toNano(range.fromMs))}`];
  if (range.toMs !== null) where.push(`time_ns < ${parts.param(toNano(range.toMs))}`);
  if (before !== null) {
    if (!/^\d{1,18}$/.test(before)) throw new AppError('invalid_argument', '“before” is the id of a log record');
    where.push(`seq ${order === 'newest' ? '<' : '>'} ${parts.param(BigInt(before))}`);
  }
  where.push(...filterToSql(filter, 'logs', parts));
  const sql = `select * exclude (text) from logs
where ${where.join('\n  and ')}
order by seq ${order === 'newest' ? 'desc' : 'asc'}
limit ${parts.param(limit + 1)}`;
  return { sql, params: parts.params };
}

function toStored(row: Row): StoredLog {
  return {
    seq: Number(row.seq),
    timeNano: row.time_ns as bigint,
    severity: Severity.options[Number(row.severity)] ?? 'info',
    service: String(row.service),
    instance: textOrNull(row.instance),
    body: String(row.body),
    traceId: textOrNull(row.trace_id),
    spanId: textOrNull(row.span_id),
    attributes: fromColumns({
      attributes: String(row.attributes),
      idKeys: textOrNull(row.id_keys),
      idValues: textOrNull(row.id_values),
    }),
  };
}
