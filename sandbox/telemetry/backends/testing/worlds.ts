import { rm } from 'node:fs/promises';
import { setupServer } from 'msw/node';
import { silentLog } from '#sandbox/log.ts';
import { logsJson, sendOtlp, startForTest, temporaryFolder, token, tracesJson } from '../../testing.ts';
import type { BackendUrls } from '../answers.ts';
import type { Paces } from '../poll.ts';
import { serveBackends } from '../serve.ts';
import type { World } from './contract.ts';
import { trafficAt } from './fixture.ts';
import { readRecording, recordedPrometheus } from './recorded-prometheus.ts';
import { standInLoki } from './stand-in-loki.ts';
import { standInTempo } from './stand-in-tempo.ts';

type Records = Parameters<World['send']>[0];

/** Our own store. */
export async function embeddedWorld(): Promise<World> {
  const telemetry = await startForTest();
  const send = (records: Records) => sendAll(telemetry.url, records);
  return {
    url: telemetry.url,
    nowMs: Date.now,
    send,
    traffic: () =>
      send({ spans: Array.from({ length: 30 }, (_, second) => trafficAt(Date.now() - second * 1000)).flat() }),
    async close() {
      await telemetry[Symbol.asyncDispose]();
    },
  };
}

/** Stand-ins cost nothing to ask. */
export const quick: Paces = { logs: 20, spans: 20, traces: 20, red: 20 };

/** Our reader of the backends, before stand-ins of Tempo and Loki and recordings of Prometheus. */
export async function standInWorld(): Promise<World> {
  const urls = {
    tempo: 'http://tempo.test:3200',
    loki: 'http://loki.test:3100',
    prometheus: 'http://prometheus.test:9090',
  };
  const recording = readRecording();
  const tempo = standInTempo(urls.tempo);
  const loki = standInLoki(urls.loki);
  const msw = setupServer(...tempo.handlers, ...loki.handlers, ...recordedPrometheus(urls.prometheus, recording));
  msw.listen({ onUnhandledRequest: 'bypass' });
  const reader = await openReader(urls, () => recording.atMs, quick);
  return {
    url: reader.url,
    nowMs: () => recording.atMs,
    async send({ spans = [], logs = [] }) {
      tempo.take(spans);
      loki.take(logs);
    },
    traffic: async () => undefined,
    async close() {
      await reader.close();
      msw.close();
    },
  };
}

/** Real ones; `otlp` is the Collector that writes to them. */
export async function realWorld(urls: BackendUrls, otlp: string): Promise<World> {
  const reader = await openReader(urls, Date.now);
  return {
    url: reader.url,
    nowMs: Date.now,
    send: (records) => sendAll(otlp, records),
    async traffic() {
      // Rates need two counts, and the Collector counts every 15 s.
      for (let second = 0; second < 95; second++) {
        await sendAll(otlp, { spans: trafficAt(Date.now()) });
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    },
    close: reader.close,
  };
}

/** The query API over backends, on a free port. */
export async function openReader(urls: BackendUrls, now: () => number, everyMs?: Paces) {
  const dataDir = await temporaryFolder();
  const reader = await serveBackends({
    host: '127.0.0.1',
    port: 0,
    dataDir,
    token,
    urls,
    log: silentLog,
    now,
    everyMs,
  });
  return {
    url: reader.url,
    async close() {
      await reader.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function sendAll(url: string, { spans = [], logs = [] }: Records): Promise<void> {
  for (const [signal, body, count] of [
    ['traces', tracesJson(spans), spans.length],
    ['logs', logsJson(logs), logs.length],
  ] as const) {
    if (count === 0) continue;
    const response = await sendOtlp(url, signal, body);
    if (!response.ok) throw new Error(`${url} answers ${response.status} to ${signal}`);
  }
}
