import { AppError } from '#contracts/errors.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';
import type { Answers, RedWindow } from '../api/answers.ts';
import { createFaultHistory } from '../faults/history.ts';
import { toSpan } from '../records.ts';
import { toSummary } from '../store/trace-part.ts';
import { followLogs } from './loki/follow-logs.ts';
import { logFacets } from './loki/log-facets.ts';
import { createLoki } from './loki/loki.ts';
import { searchLogs } from './loki/search-logs.ts';
import { type Paces, poll } from './poll.ts';
import { createPrometheus } from './prometheus/prometheus.ts';
import { readRed } from './prometheus/read-red.ts';
import { followSpans, followTraces } from './tempo/follow-traces.ts';
import { readInjectedShares } from './tempo/injected-shares.ts';
import { createTraceReader } from './tempo/read-trace.ts';
import { searchTraces } from './tempo/search-traces.ts';
import { createTempo } from './tempo/tempo.ts';
import { traceFacets } from './tempo/trace-facets.ts';

export type BackendUrls = { tempo: string; loki: string; prometheus: string };

export type BackendOptions = {
  urls: BackendUrls;
  /** Faults told of before a restart, and where to keep them for the next one. */
  faults: { read(): FaultWindow[]; write(windows: readonly FaultWindow[]): void };
  now: () => number;
  /** How often streams ask. */
  everyMs: Paces;
};

/** The query API answered from Tempo, Loki and Prometheus. */
export function backendAnswers({ urls, faults, now, everyMs }: BackendOptions): Answers {
  const tempo = createTempo(urls.tempo);
  const loki = createLoki(urls.loki);
  const prometheus = createPrometheus(urls.prometheus);
  const history = createFaultHistory(faults.read(), now);
  const reader = createTraceReader(tempo, history.windows);
  const traces = { tempo, reader };

  const red = async (window: RedWindow, signal: AbortSignal): Promise<RedResult> => {
    const atMs = now();
    const range = { fromMs: atMs - window.windowSeconds * 1000, toMs: atMs };
    const shares = await readInjectedShares(traces, history.windows(), range, signal);
    return readRed({ prometheus, shares, atMs, signal }, window);
  };
  return {
    searchTraces: (query, signal) =>
      searchTraces({ tempo, reader, windows: history.windows(), nowMs: now(), signal }, query),
    async trace(traceId, signal) {
      const trace = await reader.read(traceId, signal);
      return trace === null ? null : { summary: toSummary(trace.part), spans: trace.spans.map(toSpan) };
    },
    searchLogs: (query, signal) => searchLogs(loki, query, now(), signal),
    red,
    facets: (of, field, signal) =>
      of === 'traces' ? traceFacets(tempo, field, signal) : logFacets(loki, field, signal),
    stats: () => {
      throw new AppError('not_found', 'Tempo and Loki tell of their own sizes: see their metrics in Prometheus');
    },
    learnFaults(windows) {
      history.learn(windows);
      faults.write(history.windows());
    },
    async ready(signal) {
      await Promise.all([tempo.ready(signal), loki.ready(signal), prometheus.ready(signal)]);
    },
    followTraces: (filter, signal) => followTraces({ tempo, reader, now, everyMs: everyMs.traces }, filter, signal),
    followSpans: (traceId, signal) => followSpans({ reader, everyMs: everyMs.spans }, traceId, signal),
    followLogs: (filter, signal) => followLogs(loki, filter, { now, everyMs: everyMs.logs }, signal),
    async followRed(window, signal) {
      const first = await red(window, signal);
      return (to) => {
        void to.send(first);
        return poll(everyMs.red, async (until) => [await red(window, until)], to);
      };
    },
  };
}
