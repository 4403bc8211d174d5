import type { Red, RedResult } from '#contracts/telemetry/query.ts';
import type { RedWindow } from '../../api/answers.ts';
import type { EdgeProtocol } from '../../red/edge.ts';
import type { InjectedShares } from '../tempo/injected-shares.ts';
import type { Prometheus, Sample, Series } from './prometheus.ts';
import { edges, type Part, partLabel, redQuery, seriesQuery, services } from './to-promql.ts';

/** The Collector counts every 15 s, and a rate needs two counts: a shorter window would mostly be empty. */
const leastWindowSeconds = 60;
const countedEverySeconds = 15;

type Edge = RedResult['edges'][number];
type Ask = { prometheus: Prometheus; shares: InjectedShares; atMs: number; signal: AbortSignal };

/** Rate, errors and duration of services and edges. The window is the one that was asked for, or a minute. */
export async function readRed(ask: Ask, { windowSeconds, buckets }: RedWindow): Promise<RedResult> {
  const seconds = Math.max(windowSeconds, leastWindowSeconds);
  const [ofServices, series, ...ofEdges] = await Promise.all([
    readServices(ask, seconds),
    readSeries(ask, seconds, buckets),
    ...(Object.keys(edges) as EdgeProtocol[]).map((protocol) => readEdges(ask, seconds, protocol)),
  ]);
  return {
    atMs: ask.atMs,
    windowSeconds: seconds,
    services: ofServices.map((red) => ({ ...red, series: series.get(red.service) ?? [] })),
    edges: ofEdges.flat(),
  };
}

async function readServices({ prometheus, shares, atMs, signal }: Ask, seconds: number) {
  const samples = await prometheus.instant(redQuery(services, seconds), atMs, signal);
  return entriesOf(samples, services.by).map(({ labels, parts }) => {
    const service = labels.service_name ?? '';
    return { service, ...redOf(parts, seconds, shares.ofService(service)) };
  });
}

async function readEdges(
  { prometheus, shares, atMs, signal }: Ask,
  seconds: number,
  protocol: EdgeProtocol,
): Promise<Edge[]> {
  const group = edges[protocol];
  const samples = await prometheus.instant(redQuery(group, seconds), atMs, signal);
  return entriesOf(samples, group.by).map(({ labels, parts }) => {
    const own = labels.service_name ?? '';
    const other = labels.peer_service ?? labels.messaging_destination_name ?? 'postgres';
    const ends = protocol === 'kafka-consume' ? { from: other, to: own } : { from: own, to: other };
    const edge = { ...ends, protocol };
    return { ...edge, ...redOf(parts, seconds, shares.ofEdge(edge)) };
  });
}

async function readSeries({ prometheus, atMs, signal }: Ask, seconds: number, buckets: number) {
  const stepSeconds = Math.max(countedEverySeconds, Math.ceil(seconds / buckets));
  const points = Math.max(1, Math.floor(seconds / stepSeconds));
  const range = { fromMs: atMs - (points - 1) * stepSeconds * 1000, toMs: atMs, stepSeconds };
  const query = seriesQuery(services, Math.max(stepSeconds, leastWindowSeconds));
  const found = await prometheus.range(query, range, signal);
  const byService = new Map<string, RedResult['services'][number]['series']>();
  for (const { labels, parts } of seriesEntries(found)) {
    byService.set(
      labels.service_name ?? '',
      (parts.get('calls') ?? []).map(({ atMs: at, value }) => ({
        atMs: at - stepSeconds * 1000,
        ratePerSecond: value,
        errorRatio: ratio(valueAt(parts.get('errors'), at) ?? 0, value),
        p95Ms: finite(valueAt(parts.get('p95'), at)),
      })),
    );
  }
  return byService;
}

type Entry<T> = { labels: Readonly<Record<string, string>>; parts: Map<Part, T> };

/** Samples of one query, those of one service or edge together. */
function entriesOf(samples: readonly Sample[], by: readonly string[]): Entry<number>[] {
  return gathered(
    samples.map(({ labels, value }) => ({ labels, part: value })),
    by,
  );
}

function seriesEntries(found: readonly Series[]): Entry<Series['points']>[] {
  return gathered(
    found.map(({ labels, points }) => ({ labels, part: points })),
    services.by,
  );
}

function gathered<T>(all: readonly { labels: Sample['labels']; part: T }[], by: readonly string[]): Entry<T>[] {
  const entries = new Map<string, Entry<T>>();
  for (const { labels, part } of all) {
    const key = JSON.stringify(by.map((name) => labels[name] ?? ''));
    const entry = entries.get(key) ?? { labels, parts: new Map() };
    entries.set(key, entry);
    entry.parts.set(labels[partLabel] as Part, part);
  }
  return [...entries.values()].filter(({ parts }) => parts.has('calls'));
}

function redOf(parts: ReadonlyMap<Part, number>, seconds: number, injectedShare: number): Red {
  const calls = parts.get('calls') ?? 0;
  const errorRatio = ratio(parts.get('errors') ?? 0, calls);
  return {
    ratePerSecond: calls / seconds,
    errorRatio,
    injectedRatio: errorRatio * injectedShare,
    p50Ms: finite(parts.get('p50')),
    p95Ms: finite(parts.get('p95')),
    p99Ms: finite(parts.get('p99')),
    // Prometheus extrapolates to the ends of the window: its counts are not whole.
    count: Math.round(calls),
  };
}

function ratio(errors: number, calls: number): number {
  return calls > 0 ? Math.min(1, Math.max(0, errors / calls)) : 0;
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function valueAt(points: Series['points'] | undefined, atMs: number): number | undefined {
  return points?.find((point) => point.atMs === atMs)?.value;
}
