import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { BenchResult } from './result.ts';
import { percentile } from './statistics.ts';
import { orderTrace } from './telemetry-trace.ts';

/*
 * The telemetry store as the fleet runs it: its own process, fed over HTTP with what the real exporter encodes, with one
 * live subscriber (“the UI is open”). Traces are shaped like an order's: 25 spans over nine services.
 */
const otlpKey = 'bench-otlp-key';
const token = 'bench-token';
const spanTarget = 250_000;
const spansPerRequest = 500;
const roundSpans = 25_000;
const searches = 40;
const countedDeadlineMs = 60_000;

export async function run(): Promise<BenchResult[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orrery-bench-telemetry-'));
  const { child, url } = await start(dataDir);
  try {
    const orders: string[] = [];
    const idleMiB = await memoryMiB(child);
    const watching = await watch(url);
    const ingestPerSecond = await fill(url, orders);
    const latencies = await visibleLatencies(url);
    watching.abort();
    const middleOrder = orders[Math.floor(orders.length / 2)] ?? '';
    const search = (filter: object): Promise<number> =>
      p95(() => timeSearch(url, { conditions: [], text: null, ...filter }));
    const eq = (field: string, value: unknown, op = 'eq') => ({ conditions: [{ field, op, value }] });
    const result = (name: string, value: number, unit: string, budget: string | null): BenchResult => ({
      name,
      value,
      unit,
      budget,
    });
    return [
      result('span ingest over HTTP, one live subscriber', ingestPerSecond, 'spans/s', '≥ 20 000'),
      result('arrival → on the stream, p95', percentile(latencies, 0.95), 'ms', '≤ 50'),
      result('search 250k: newest 100, p95', await search({}), 'ms', '≤ 10'),
      result('search 250k: service, p95', await search(eq('service', 'billing')), 'ms', '≤ 10'),
      result(
        'search 250k: service + error, p95',
        await search({ conditions: [...eq('service', 'orders').conditions, ...eq('status', 'error').conditions] }),
        'ms',
        '≤ 10',
      ),
      result('search 250k: duration > 90 ms, p95', await search(eq('duration', 90e6, 'gt')), 'ms', '≤ 10'),
      result('search 250k: http.route, p95', await search(eq('http.route', '/orders')), 'ms', '≤ 10'),
      result(
        'search 250k: http status ≥ 500, p95',
        await search(eq('http.response.status_code', 500, 'gte')),
        'ms',
        '≤ 10',
      ),
      result('search 250k: order id, p95', await search(eq('orrery.order.id', middleOrder)), 'ms', '≤ 10'),
      result('full text 250k: common word, p95', await search({ text: 'reservations' }), 'ms', '≤ 50'),
      result('full text 250k: an order id, p95', await search({ text: middleOrder.slice(4) }), 'ms', '≤ 50'),
      result('full text 250k: nothing found, p95', await search({ text: 'no such thing' }), 'ms', '≤ 50'),
      result('memory (PSS) idle', idleMiB, 'MiB', null),
      result('memory (PSS) after all this', await memoryMiB(child), 'MiB', '≤ 150'),
    ];
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const main = new URL('../sandbox/telemetry/main.ts', import.meta.url).pathname;
  const flags = ['--max-semi-space-size=4', '--max-old-space-size=128'];
  const child = spawn(process.execPath, [...flags, main], {
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      OTLP_KEY: otlpKey,
      TELEMETRY_TOKEN: token,
      MALLOC_ARENA_MAX: '2',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`telemetry did not start: ${output}`)));
  });
  return { child, url };
}

/** Sends traces until the target is reached; only sending is on the clock, until the store has counted them all. */
async function fill(url: string, orders: string[]): Promise<number> {
  let elapsedMs = 0;
  let sent = 0;
  let startMs = Date.now() - 3_000_000;
  while (sent < spanTarget) {
    const spans: ReadableSpan[] = [];
    while (spans.length < roundSpans) {
      const trace = orderTrace(startMs, orders.length);
      orders.push(trace.orderId);
      spans.push(...trace.spans);
      startMs += 250;
    }
    const payloads: Uint8Array[] = [];
    for (let at = 0; at < spans.length; at += spansPerRequest)
      payloads.push(
        ProtobufTraceSerializer.serializeRequest(spans.slice(at, at + spansPerRequest)) ?? new Uint8Array(),
      );
    sent += spans.length;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let payload = payloads.pop(); payload !== undefined; payload = payloads.pop()) await post(url, payload);
      }),
    );
    const deadline = performance.now() + countedDeadlineMs;
    while ((await stats(url)).spans < sent) {
      if (performance.now() > deadline) throw new Error(`the store has not counted all of ${sent} spans`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    elapsedMs += performance.now() - began;
  }
  return (sent / elapsedMs) * 1000;
}

async function post(url: string, payload: Uint8Array): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'x-orrery-otlp-key': otlpKey },
      body: payload as BodyInit,
    });
    await response.arrayBuffer();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`ingest answered ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const authorized = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };

async function stats(url: string): Promise<{ spans: number }> {
  return (await fetch(`${url}/api/stats`, { headers: authorized })).json() as Promise<{ spans: number }>;
}

async function watch(url: string): Promise<AbortController> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/stream/traces?q=service:orders`, {
    headers: authorized,
    signal: abort.signal,
  });
  void (async () => {
    for await (const _ of response.body ?? []) {
      // Read and dropped: what counts is what it costs the store.
    }
  })().catch(() => undefined);
  return abort;
}

/** Milliseconds from sending one span to reading it on a stream. */
async function visibleLatencies(url: string): Promise<number[]> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/stream/traces?q=service:probe`, {
    headers: authorized,
    signal: abort.signal,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  const latencies: number[] = [];
  for (let round = 0; round < 40; round++) {
    const provider = new BasicTracerProvider({ resource: resourceFromAttributes({ 'service.name': 'probe' }) });
    const span = provider.getTracer('bench').startSpan('probe');
    span.end();
    const began = performance.now();
    const payload = ProtobufTraceSerializer.serializeRequest([span as unknown as ReadableSpan]) ?? new Uint8Array();
    await Promise.all([post(url, payload), reader?.read()]);
    latencies.push(performance.now() - began);
  }
  abort.abort();
  return latencies;
}

async function timeSearch(url: string, filter: object): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/api/traces/search`, {
    method: 'POST',
    headers: authorized,
    body: JSON.stringify({ range: { fromMs: Date.now() - 3_600_000, toMs: null }, filter, limit: 100 }),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`search answered ${response.status}`);
  return performance.now() - began;
}

async function p95(measure: () => Promise<number>): Promise<number> {
  for (let warm = 0; warm < 5; warm++) await measure();
  const values: number[] = [];
  for (let round = 0; round < searches; round++) values.push(await measure());
  return percentile(values, 0.95);
}

async function memoryMiB(child: ChildProcess): Promise<number> {
  const rollup = await readFile(`/proc/${child.pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}

if (import.meta.main) console.table(await run());
