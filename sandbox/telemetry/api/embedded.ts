import { AppError } from '#contracts/errors.ts';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { Hub } from '../live/hub.ts';
import { streamLogs } from '../live/stream-logs.ts';
import { streamSpans } from '../live/stream-spans.ts';
import { streamTraces } from '../live/stream-traces.ts';
import type { TraceWindow } from '../live/window.ts';
import { readFacets } from '../queries/facets.ts';
import { readTrace, readTracePart, readTraceSpans } from '../queries/read-trace.ts';
import { searchLogs } from '../queries/search-logs.ts';
import { searchTraces } from '../queries/search-traces.ts';
import type { RedTable } from '../red/red.ts';
import type { Store } from '../store/store.ts';
import type { Answers } from './answers.ts';

export type Embedded = {
  store: Store;
  red: RedTable;
  hub: Hub;
  window: TraceWindow;
  rejected: () => number;
  learnFaults(windows: readonly FaultWindow[]): void;
};

const redEveryMs = 1000;

/** The answers of our own store: DuckDB for what is read once, memory for what is live. */
export function embeddedAnswers({ store, red, hub, window, rejected, learnFaults }: Embedded): Answers {
  return {
    searchTraces: (query, signal) =>
      store.read(signal, (read) => searchTraces(read, query, (count) => window.startOfLast(count))),
    trace: (traceId, signal) => store.read(signal, (read) => readTrace(read, traceId)),
    searchLogs: (query, signal) => store.read(signal, (read) => searchLogs(read, query)),
    red: async ({ windowSeconds, buckets }) => red.query(windowSeconds, buckets),
    facets: (of, field, signal) =>
      store.read(signal, (read) => readFacets(read, of === 'traces' ? 'spans' : 'logs', field)),
    stats: async (signal) => ({ ...(await store.stats(signal)), rejected: rejected() }),
    learnFaults,
    async ready(signal) {
      try {
        await store.read(signal, (read) => read('select 1', []));
      } catch (error) {
        throw new AppError('unavailable', 'the database does not answer', { cause: error });
      }
    },
    followTraces: async (filter) => (to) =>
      streamTraces({
        hub,
        window,
        filter,
        lookUp: (traceId) => store.read(AbortSignal.timeout(2000), (read) => readTracePart(read, traceId)),
        send: to.send,
      }),
    followSpans: async (traceId, signal) => (to) => {
      let stopped = false;
      let stop = (): void => undefined;
      streamSpans({
        hub,
        traceId,
        known: async () => (await store.read(signal, (read) => readTraceSpans(read, traceId)))?.spans ?? [],
        send: to.send,
      }).then((started) => {
        if (stopped) started();
        else stop = started;
      }, to.fail);
      return () => {
        stopped = true;
        stop();
      };
    },
    followLogs: async (filter) => (to) => streamLogs(hub, filter, to.send),
    followRed: async (asked) => (to) => {
      const push = (): void => void to.send(red.query(asked.windowSeconds, asked.buckets));
      const timer = setInterval(push, redEveryMs);
      push();
      return () => clearInterval(timer);
    },
  };
}
