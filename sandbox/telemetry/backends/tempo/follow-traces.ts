import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Filter, Span, TraceSummary } from '#contracts/telemetry/query.ts';
import type { Feed } from '../../api/answers.ts';
import { toSpan } from '../../records.ts';
import { toSummary } from '../../store/trace-part.ts';
import { poll } from '../poll.ts';
import type { TraceReader } from './read-trace.ts';
import { traceMatches } from './search-traces.ts';
import type { FoundTrace, Tempo } from './tempo.ts';
import { filterToTraceQl } from './to-traceql.ts';

/** A trace that has not ended within this time is seen growing only where it is open. */
const followedMs = 120_000;
/** More than this at once is more than anyone reads; the newest are kept. */
const mostAtOnce = 100;
const spansPerMessage = 500;

type Deps = { tempo: Tempo; reader: TraceReader; now: () => number; everyMs: number };

/** Summaries of matching traces that are new or have grown: asks every two seconds for the newest. */
export async function followTraces(
  { tempo, reader, now, everyMs }: Deps,
  filter: Filter,
  signal: AbortSignal,
): Promise<Feed<TraceSummary>> {
  // Faults come and go while the list is open: their marks are looked for here.
  const compiled = filterToTraceQl(unmarked(filter), { windows: [] });
  if (compiled === null) return () => () => undefined;
  let known = new Map<string, string>();
  const changed = async (until: AbortSignal): Promise<FoundTrace[]> => {
    const nowNano = BigInt(Math.floor(now())) * 1_000_000n;
    const range = { fromNano: nowNano - BigInt(followedMs) * 1_000_000n, toNano: nowNano + 60_000_000_000n };
    const found = await tempo.search({ query: compiled.query, ...range, limit: mostAtOnce }, until);
    const before = known;
    known = new Map(found.map((trace) => [trace.traceId, `${trace.size} ${trace.durationMs}`]));
    return found.filter((trace) => before.get(trace.traceId) !== known.get(trace.traceId));
  };
  await changed(signal);
  return (to) =>
    poll(
      everyMs,
      async (until) => {
        const traces = await reader.readAll((await changed(until)).reverse(), until);
        return traces.filter((trace) => traceMatches(filter, trace)).map(({ part }) => toSummary(part));
      },
      to,
    );
}

function unmarked(filter: Filter): Filter {
  const marks: readonly string[] = [names.chaosFaultId, names.chaosFaultKind];
  return { ...filter, conditions: filter.conditions.filter(({ field }) => !marks.includes(field)) };
}

/** Spans of one trace: those that are known first, then asks every second for others. */
export async function followSpans(
  { reader, everyMs }: Pick<Deps, 'reader' | 'everyMs'>,
  traceId: string,
  signal: AbortSignal,
): Promise<Feed<Span[]>> {
  const sent = new Set<string>();
  const fresh = async (until: AbortSignal): Promise<Span[][]> => {
    const spans = ((await reader.read(traceId, until))?.spans ?? []).filter(({ spanId }) => !sent.has(spanId));
    for (const { spanId } of spans) sent.add(spanId);
    return Array.from({ length: Math.ceil(spans.length / spansPerMessage) }, (_, index) =>
      spans.slice(index * spansPerMessage, (index + 1) * spansPerMessage).map(toSpan),
    );
  };
  const known = await fresh(signal);
  return (to) => {
    const sending = (async () => {
      for (const spans of known.length === 0 ? [[]] : known) await to.send(spans);
    })();
    return poll(
      everyMs,
      async (until) => {
        await sending;
        return fresh(until);
      },
      to,
    );
  };
}
