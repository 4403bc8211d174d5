import { AppError } from '#contracts/errors.ts';
import type { LogRecord, LogSearchResult } from '#contracts/telemetry/query.ts';
import type { LogSearch } from '../../api/answers.ts';
import { logMatches } from '../../filter/matches.ts';
import { earlier, keptRange, later } from '../time-range.ts';
import { type LokiLog, timeOfId, toLog } from './log-line.ts';
import { type LineRange, type Loki, mostLines } from './loki.ts';
import { filterToLogQl } from './to-logql.ts';

/** Lines that one search looks through: what LogQL cannot tell apart is told apart here. */
const mostLookedThrough = 50_000;

/** Log records in the range that meet every condition, by time. */
export async function searchLogs(
  loki: Loki,
  query: LogSearch,
  nowMs: number,
  signal: AbortSignal,
): Promise<LogSearchResult> {
  const started = performance.now();
  const compiled = filterToLogQl(query.filter);
  const before = query.before === null ? null : idFrom(query.before);
  const found: LokiLog[] = [];
  if (compiled !== null) {
    for await (const log of logsOf(loki, compiled, { ...query, before, nowMs }, signal)) {
      if (logMatches(query.filter, log)) found.push(log);
      if (found.length > query.limit) break;
    }
  }
  return {
    logs: found.slice(0, query.limit).map(toRecord),
    hasMore: found.length > query.limit,
    elapsedMs: performance.now() - started,
    sql: compiled?.query ?? 'nothing can match: spans have this field, log records do not',
  };
}

type Walk = Pick<LogSearch, 'range' | 'order' | 'limit'> & { before: bigint | null; nowMs: number };

/** Records after `before` in their order, page by page; throws when there are too many to look through. */
async function* logsOf(
  loki: Loki,
  { query, named }: { query: string; named: string[] },
  { range, order, limit, before, nowMs }: Walk,
  signal: AbortSignal,
): AsyncGenerator<LokiLog> {
  let { fromNano, toNano } = keptRange(range, nowMs);
  if (before !== null && order === 'newest') toNano = earlier(toNano, timeOfId(before) + 1n);
  if (before !== null && order === 'oldest') fromNano = later(fromNano, timeOfId(before));
  let last = before;
  let lookedThrough = 0;
  // More than the page, so that most searches are one question.
  let size = Math.min(Math.max(limit * 2, 100), mostLines);
  while (fromNano < toNano) {
    const asked: LineRange = { query, fromNano, toNano, order, limit: size };
    const lines = await loki.lines(asked, signal);
    const logs = lines.map((line) => toLog(line, named)).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    if (order === 'newest') logs.reverse();
    const whole = lines.length < size;
    const end = logs.at(-1)?.timeNano;
    for (const log of logs) {
      // Of the instant where the page was cut some may be missing: it is read again, from its beginning.
      if (!whole && log.timeNano === end) break;
      if (isAfter(log.id, last, order)) yield log;
    }
    if (whole || end === undefined) return;
    lookedThrough += lines.length;
    if (lookedThrough >= mostLookedThrough) throw tooMany();
    const stuck = logs[0]?.timeNano === end;
    if (stuck && size >= mostLines)
      throw new AppError('unprocessable', `Loki has more than ${mostLines} lines of one instant, ${end}`);
    last = logs.findLast((log) => log.timeNano !== end)?.id ?? last;
    if (order === 'newest') toNano = end + 1n;
    else fromNano = end;
    size = Math.min(mostLines, size * 4);
  }
}

function isAfter(id: bigint, last: bigint | null, order: 'newest' | 'oldest'): boolean {
  return last === null || (order === 'newest' ? id < last : id > last);
}

function tooMany(): AppError {
  return new AppError(
    'unprocessable',
    `looked through ${mostLookedThrough} lines without filling the page: Loki cannot search for free text in attributes; take a shorter range, or add a condition on service, severity, body or an attribute`,
  );
}

function idFrom(text: string): bigint {
  if (!/^\d{1,40}$/.test(text)) throw new AppError('invalid_argument', '“before” is the id of a log record');
  return BigInt(text);
}

/** The record as the API writes it. */
export function toRecord({ id, timeNano, ...log }: LokiLog): LogRecord {
  return { id: String(id), timeUnixNano: String(timeNano), ...log };
}
