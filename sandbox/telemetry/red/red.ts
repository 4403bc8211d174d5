import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Red, RedResult } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';
import { type Edge, edgeOf } from './edge.ts';
import { percentile } from './histogram.ts';
import { createRing, type Ring, type Tally } from './ring.ts';

/** Rate, errors, duration of services and edges for the last hour, kept in memory from the spans that arrive. */
export type RedTable = {
  record(spans: readonly SpanRecord[]): void;
  /** Counts a failed span that was recorded, lately or long ago, as injected. */
  addInjected(span: SpanRecord): void;
  query(windowSeconds: number, buckets: number): RedResult;
};

// By the second for five minutes, by ten seconds for an hour: a sparkline has no use for more.
const fineSeconds = 300;
const hourSeconds = 3600;
// Names come from outside; a sender that invents them must not fill the memory.
const mostServices = 64;
const mostEdges = 256;

type Entry<T> = { of: T; fine: Ring; coarse: Ring };

export function createRedTable(now: () => number): RedTable {
  const services = new Map<string, Entry<string>>();
  const edges = new Map<string, Entry<Edge>>();
  /** What a span counts for, while its time is in the window. */
  const entriesOf = (span: SpanRecord): { second: number; entries: Entry<unknown>[] } => {
    const second = Number((span.startNano + BigInt(span.durationNano)) / 1_000_000_000n);
    const nowSecond = now() / 1000;
    if (second < nowSecond - hourSeconds || second > nowSecond + 5) return { second, entries: [] };
    const entries: (Entry<unknown> | null)[] = [];
    if (span.kind === 'server' || span.kind === 'consumer')
      entries.push(entryOf(services, span.service, span.service, mostServices));
    const edge = edgeOf(span);
    if (edge !== null) entries.push(entryOf(edges, `${edge.protocol} ${edge.from} ${edge.to}`, edge, mostEdges));
    return { second, entries: entries.filter((entry) => entry !== null) };
  };
  return {
    record(spans) {
      for (const span of spans) {
        const { second, entries } = entriesOf(span);
        for (const { fine, coarse } of entries) {
          for (const ring of [fine, coarse]) ring.add(second, span.durationNano / 1e6, isFailure(span));
        }
      }
    },
    addInjected(span) {
      if (!isFailure(span)) return;
      const { second, entries } = entriesOf(span);
      for (const { fine, coarse } of entries) for (const ring of [fine, coarse]) ring.addInjected(second);
    },
    query(windowSeconds, buckets) {
      const end = Math.floor(now() / 1000) + 1;
      const window = { end, seconds: windowSeconds };
      return {
        atMs: now(),
        windowSeconds,
        services: [...services.values()].map((entry) => ({
          service: entry.of,
          ...redOf(sumOf(entry, window), windowSeconds),
          series: seriesOf(entry, window, buckets),
        })),
        edges: [...edges.values()].map((entry) => ({ ...entry.of, ...redOf(sumOf(entry, window), windowSeconds) })),
      };
    },
  };
}

function entryOf<T>(entries: Map<string, Entry<T>>, key: string, of: T, most: number): Entry<T> | null {
  const known = entries.get(key);
  if (known !== undefined) return known;
  if (entries.size >= most) return null;
  const fresh = { of, fine: createRing(1, fineSeconds), coarse: createRing(10, hourSeconds / 10 + 1) };
  entries.set(key, fresh);
  return fresh;
}

/**
 * Whether the one who served it failed. The HTTP conventions mark a client's span as an error from status 400 on, but
 * what the caller asked wrongly (not found, refused) says nothing about the health of the edge.
 */
export function isFailure({ kind, status, attributes }: SpanRecord): boolean {
  const answer = Number(attributes[names.httpResponseStatusCode]);
  return status === 'error' && !(kind === 'client' && answer >= 400 && answer < 500);
}

type Window = { end: number; seconds: number };

function ringFor<T>(entry: Entry<T>, seconds: number): Ring {
  return seconds <= fineSeconds ? entry.fine : entry.coarse;
}

function sumOf<T>(entry: Entry<T>, { end, seconds }: Window): Tally {
  return ringFor(entry, seconds).sum(end - seconds, end);
}

function redOf({ count, errors, injected, buckets }: Tally, seconds: number): Red {
  return {
    ratePerSecond: count / seconds,
    errorRatio: count === 0 ? 0 : errors / count,
    injectedRatio: count === 0 ? 0 : injected / count,
    p50Ms: percentile(buckets, count, 0.5),
    p95Ms: percentile(buckets, count, 0.95),
    p99Ms: percentile(buckets, count, 0.99),
    count,
  };
}

function seriesOf<T>(
  entry: Entry<T>,
  { end, seconds }: Window,
  buckets: number,
): RedResult['services'][number]['series'] {
  const ring = ringFor(entry, seconds);
  // A point is never narrower than what was counted.
  const width = Math.max(
    ring.intervalSeconds,
    Math.ceil(seconds / buckets / ring.intervalSeconds) * ring.intervalSeconds,
  );
  const points = Math.max(1, Math.floor(seconds / width));
  return Array.from({ length: points }, (_, index) => {
    const from = end - (points - index) * width;
    const tally = ring.sum(from, from + width);
    return {
      atMs: from * 1000,
      ratePerSecond: tally.count / width,
      errorRatio: tally.count === 0 ? 0 : tally.errors / tally.count,
      p95Ms: percentile(tally.buckets, tally.count, 0.95),
    };
  });
}
