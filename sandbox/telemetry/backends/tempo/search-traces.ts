import { AppError, isAppError } from '#contracts/errors.ts';
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
/** After this a partial search reads no more: whoever asks for one waits for 4 to 5 s. */
const mostMs = 3_000;

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
/** Whole traces of a query, some at a time: whoever has enough stops reading. */
type Batches = AsyncGenerator<WholeTrace[]>;
/** `cut` when not everything was looked at. */
type Found = { traces: WholeTrace[]; cut: boolean };

/** Traces that start in the range and have a span meeting every condition, newest or longest first. */
export async function searchTraces(deps: Deps, query: TraceSearch): Promise<TraceSearchResult> {
  const started = performance.now();
  if (query.sort === 'duration' && query.before !== null)
    throw new AppError('invalid_argument', 'pages are by start: “before” does not go with sort “duration”');
  const range = keptRange(query.range, deps.nowMs);
  const within = duringFault(range, query.filter, deps.windows);
  const page: Page = { ...range, within, after: query.before === null ? null : cursor(query.before) };
  const compiled = filterToTraceQl(query.filter, deps);
  const endMs = query.partial ? started + mostMs : Number.POSITIVE_INFINITY;
  const { traces, cut } =
    compiled === null ? { traces: [], cut: false } : await matching(deps, query, { compiled, page, endMs });
  return {
    traces: traces.slice(0, query.limit).map(({ part }) => toSummary(part)),
    hasMore: cut || traces.length > query.limit,
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

type Plan = { compiled: TraceQl; page: Page; endMs: number };

/** One more than the page holds, when there are. */
async function matching(deps: Deps, query: TraceSearch, { compiled, page, endMs }: Plan): Promise<Found> {
  const fits = (trace: WholeTrace): boolean => isOnPage(trace, page) && traceMatches(query.filter, trace);
  if (compiled.traceIds.length > 0) {
    const named = [...new Set(compiled.traceIds)].filter((id) => /^[0-9a-f]{32}$/.test(id)).map(unread);
    return { traces: (await deps.reader.readAll(named, deps.signal)).filter(fits), cut: false };
  }
  const read = query.sort === 'start' ? newest : longest;
  const found = new Map<string, WholeTrace>();
  let cut = false;
  for (const { windows, traceQl } of passes(deps, query, compiled)) {
    if (performance.now() >= endMs) {
      cut = true;
      break;
    }
    const some = await collect(read({ ...deps, windows }, query, traceQl, page), query, { fits, endMs });
    for (const trace of some.traces) found.set(trace.part.traceId, trace);
    cut ||= some.cut;
  }
  return { traces: [...found.values()].sort(query.sort === 'start' ? newestFirst : longestFirst), cut };
}

/**
 * A partial search first asks Tempo for the marks that processes have sent themselves: it finds them among any number
 * of others. Marks put on as spans are read may be on any, and are looked for as far as a search goes.
 */
function passes({ windows }: Deps, { filter, partial }: TraceSearch, compiled: TraceQl) {
  const sent = partial ? filterToTraceQl(filter, { windows: [] }) : null;
  const all = [{ windows, traceQl: compiled }];
  return sent === null || sent.query === compiled.query ? all : [{ windows: [], traceQl: sent }, ...all];
}

/** Reads until the page is full. Where a search is refused because it would read too much, a partial one ends. */
async function collect(
  batches: Batches,
  { limit, partial }: TraceSearch,
  { fits, endMs }: { fits: (trace: WholeTrace) => boolean; endMs: number },
): Promise<Found> {
  const traces: WholeTrace[] = [];
  try {
    for await (const some of batches) {
      traces.push(...some.filter(fits));
      if (traces.length > limit) break;
      if (performance.now() >= endMs) return { traces, cut: true };
    }
    return { traces, cut: false };
  } catch (error) {
    if (!partial || !isAppError(error, 'unprocessable')) throw error;
    return { traces, cut: true };
  }
}

function unread(traceId: string): FoundTrace {
  return { traceId, startNano: 0n, durationMs: 0, size: null };
}

async function* newest(
  { tempo, reader, signal }: Deps,
  { limit }: TraceSearch,
  { query }: TraceQl,
  page: Page,
): Batches {
  const seen = new Set<string>();
  const { fromNano } = page.within;
  let { toNano: until } = page.within;
  if (page.after !== null && page.after.startNano < until) until = page.after.startNano + 1n;
  let size = Math.min(mostFound, Math.max(20, limit + 1));
  for (let read = 0; fromNano < until; ) {
    const found = await tempo.search({ query, fromNano, toNano: until, limit: size }, signal);
    const fresh = found.filter(({ traceId, startNano }) => !seen.has(traceId) && startNano >= page.fromNano);
    for (const { traceId } of found) seen.add(traceId);
    for (let at = 0; at < fresh.length; at += 32) {
      if (read >= mostRead) throw tooMany();
      const some = fresh.slice(at, at + 32);
      read += some.length;
      yield await reader.readAll(some, signal);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < size) break;
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
}

/** Tempo sorts by start only. The longest are found by asking for longer and longer ones until it names them all. */
async function* longest(
  { tempo, reader, windows, signal }: Deps,
  { filter, limit }: TraceSearch,
  { query }: TraceQl,
  { within: { fromNano, toNano } }: Page,
): Batches {
  let found = await tempo.search({ query, fromNano, toNano, limit: mostFound }, signal);
  let least = 0;
  for (let round = 0; found.length >= mostFound; round++) {
    // Nothing is read yet; each round is a search, after which there may be no time for another.
    yield [];
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
  const byDuration = found.toSorted((a, b) => b.durationMs - a.durationMs);
  for (let at = 0; at < byDuration.length; at += 32) {
    if (at >= mostRead) throw tooMany();
    yield await reader.readAll(byDuration.slice(at, at + 32), signal);
  }
  // The page is not full, and shorter ones were left out.
  if (least > 0) throw tooMany();
}

function durationOf({ part }: WholeTrace): number {
  return Number(part.endNano - part.startNano);
}

function longestFirst(a: WholeTrace, b: WholeTrace): number {
  return durationOf(b) - durationOf(a);
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
