import { AppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { Filter, TraceSearchResult } from '#contracts/telemetry/query.ts';
import type { TraceSearch } from '../../api/answers.ts';
import { spanMatches } from '../../filter/matches.ts';
import { toNano } from '../../queries/range.ts';
import { toSummary } from '../../store/trace-part.ts';
import { earlier, keptRange, later } from '../time-range.ts';
import type { TraceReader, WholeTrace } from './read-trace.ts';
import type { FoundTrace, Tempo } from './tempo.ts';
import { filterToTraceQl, type TraceQl } from './to-traceql.ts';

/** Traces that one search reads in full: what TraceQL cannot tell apart is told apart here. */
const mostRead = 500;
/** Traces that Tempo is asked for at once. */
const mostFound = 1000;
/** Rounds of raising the least duration until fewer than `mostFound` are left. */
const mostRounds = 12;

type Deps = {
  tempo: Tempo;
  reader: TraceReader;
  windows: readonly FaultWindow[];
  nowMs: number;
  signal: AbortSignal;
};
type Range = { fromNano: bigint; toNano: bigint };
type Page = Range & {
  after: { startNano: bigint; traceId: string } | null;
  /** Part of the range in which the spans looked for lie; their traces may have begun before it. */
  within: Range;
};

/** Traces that start in the range and have a span meeting every condition, newest or longest first. */
export async function searchTraces(deps: Deps, query: TraceSearch): Promise<TraceSearchResult> {
  const started = performance.now();
  if (query.sort === 'duration' && query.before !== null)
    throw new AppError('invalid_argument', 'pages are by start: “before” does not go with sort “duration”');
  const range = keptRange(query.range, deps.nowMs);
  const within = duringFault(range, query.filter, deps.windows);
  const page: Page = { ...range, within, after: query.before === null ? null : cursor(query.before) };
  const compiled = filterToTraceQl(query.filter, deps);
  const traces = compiled === null ? [] : await matching(deps, query, compiled, page);
  return {
    traces: traces.slice(0, query.limit).map(({ part }) => toSummary(part)),
    hasMore: traces.length > query.limit,
    elapsedMs: performance.now() - started,
    sql: compiled?.query ?? 'nothing can match: log records have this field, spans do not',
  };
}

/** A breaker stays open for a while after its fault, and what waited is handled. */
const aftermathMs = 60_000;

/** Spans that a fault has marked lie in its time: a search for its id needs to look nowhere else. */
function duringFault(range: Range, { conditions }: Filter, windows: readonly FaultWindow[]): Range {
  const wanted = conditions.find(({ field, op }) => field === names.chaosFaultId && op === 'eq')?.value;
  const window = windows.find(({ id }) => id === wanted);
  if (window === undefined) return range;
  const from = toNano(window.fromMs);
  const to = window.untilMs === null ? range.toNano : toNano(window.untilMs + aftermathMs);
  return { fromNano: later(from, range.fromNano), toNano: earlier(to, range.toNano) };
}

/** Whether one of its spans meets every condition. */
export function traceMatches(filter: Filter, { spans }: WholeTrace): boolean {
  return spans.some((span) => spanMatches(filter, span));
}

/** One more than the page holds, when there are. */
async function matching(deps: Deps, query: TraceSearch, compiled: TraceQl, page: Page): Promise<WholeTrace[]> {
  const fits = (trace: WholeTrace): boolean => isOnPage(trace, page) && traceMatches(query.filter, trace);
  if (compiled.traceIds.length > 0) {
    const found = [...new Set(compiled.traceIds)].filter((id) => /^[0-9a-f]{32}$/.test(id)).map(unread);
    return (await deps.reader.readAll(found, deps.signal)).filter(fits);
  }
  return query.sort === 'start'
    ? newest(deps, query, compiled, page, fits)
    : longest(deps, query, compiled, page, fits);
}

function unread(traceId: string): FoundTrace {
  return { traceId, startNano: 0n, durationMs: 0, size: null };
}

async function newest(
  { tempo, reader, signal }: Deps,
  { limit }: TraceSearch,
  { query }: TraceQl,
  page: Page,
  fits: (trace: WholeTrace) => boolean,
): Promise<WholeTrace[]> {
  const kept: WholeTrace[] = [];
  const seen = new Set<string>();
  const { fromNano } = page.within;
  let { toNano: until } = page.within;
  if (page.after !== null && page.after.startNano < until) until = page.after.startNano + 1n;
  let size = Math.min(mostFound, Math.max(20, limit + 1));
  for (let read = 0; fromNano < until; ) {
    const found = await tempo.search({ query, fromNano, toNano: until, limit: size }, signal);
    const fresh = found.filter(({ traceId, startNano }) => !seen.has(traceId) && startNano >= page.fromNano);
    for (const { traceId } of found) seen.add(traceId);
    for (let at = 0; at < fresh.length && kept.length <= limit; at += 32) {
      if (read >= mostRead) throw tooMany();
      const some = fresh.slice(at, at + 32);
      read += some.length;
      kept.push(...(await reader.readAll(some, signal)).filter(fits));
    }
    const last = found.at(-1);
    if (kept.length > limit || last === undefined || found.length < size) break;
    // Tempo counts in seconds: the last one is asked for again, and more of it while that is all there is.
    const next = (last.startNano / 1_000_000_000n + 1n) * 1_000_000_000n;
    if (next >= until && size >= mostFound)
      throw new AppError(
        'unprocessable',
        `Tempo has more than ${mostFound} such traces in one second; add a condition`,
      );
    if (next >= until) size = mostFound;
    else until = next;
  }
  return kept.sort(newestFirst);
}

/** Tempo sorts by start only. The longest are found by asking for longer and longer ones until it names them all. */
async function longest(
  { tempo, reader, windows, signal }: Deps,
  { filter, limit }: TraceSearch,
  { query }: TraceQl,
  { within: { fromNano, toNano } }: Page,
  fits: (trace: WholeTrace) => boolean,
): Promise<WholeTrace[]> {
  let found = await tempo.search({ query, fromNano, toNano, limit: mostFound }, signal);
  let least = 0;
  for (let round = 0; found.length >= mostFound; round++) {
    const durations = found.map(({ durationMs }) => durationMs).sort((a, b) => b - a);
    const atLeast = durations[Math.min(limit * 2, durations.length - 1)] ?? 0;
    if (round >= mostRounds || atLeast <= least) throw tooMany();
    least = atLeast;
    const longer = filterToTraceQl(filter, {
      windows,
      more: [`trace:duration >= ${BigInt(Math.floor(least)) * 1_000_000n}ns`],
    });
    found = await tempo.search({ query: longer?.query ?? query, fromNano, toNano, limit: mostFound }, signal);
  }
  const kept: WholeTrace[] = [];
  const byDuration = found.toSorted((a, b) => b.durationMs - a.durationMs);
  for (let at = 0; at < byDuration.length && kept.length <= limit; at += 32) {
    if (at >= mostRead) throw tooMany();
    kept.push(...(await reader.readAll(byDuration.slice(at, at + 32), signal)).filter(fits));
  }
  if (kept.length <= limit && least > 0) throw tooMany();
  return kept.sort((a, b) => durationOf(b) - durationOf(a));
}

function durationOf({ part }: WholeTrace): number {
  return Number(part.endNano - part.startNano);
}

function newestFirst({ part: a }: WholeTrace, { part: b }: WholeTrace): number {
  if (a.startNano !== b.startNano) return a.startNano > b.startNano ? -1 : 1;
  return a.traceId > b.traceId ? -1 : 1;
}

function isOnPage({ part }: WholeTrace, { fromNano, toNano, after }: Page): boolean {
  if (part.startNano < fromNano || part.startNano >= toNano) return false;
  if (after === null || part.startNano < after.startNano) return true;
  return part.startNano === after.startNano && part.traceId < after.traceId;
}

/** Traces may start in the same nanosecond, so the last row of a page is named by its start and its id. */
function cursor(before: string): { startNano: bigint; traceId: string } {
  const [, start, traceId] = /^(\d{1,18}|[1-8]\d{18})\/([0-9a-f]{32})$/.exec(before) ?? [];
  if (start === undefined || traceId === undefined)
    throw new AppError('invalid_argument', '“before” is <start, epoch nanoseconds>/<trace id>');
  return { startNano: BigInt(start), traceId };
}

function tooMany(): AppError {
  return new AppError(
    'unprocessable',
    `read ${mostRead} traces without filling the page: Tempo cannot search for free text, nor for faults; take a shorter range, or add a condition on service, name, status, duration or an attribute`,
  );
}
