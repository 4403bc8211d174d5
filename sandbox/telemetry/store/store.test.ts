import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Facet, StoreStats, TraceSearchResult } from '#contracts/telemetry/query.ts';
import { createLog, silentLog } from '#sandbox/log.ts';
import type { NewLog } from '../records.ts';
import {
  api,
  emptyFilter,
  everything,
  logsJson,
  newTraceId,
  otlpKey,
  pageAfter,
  sendOtlp,
  startForTest,
  temporaryFolder,
  token,
  tracesJson,
} from '../testing.ts';
import { openStore } from './store.ts';

async function folderForTest(): Promise<string> {
  const folder = await temporaryFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// Processes are started here, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const stats = async (url: string) => (await api<StoreStats>(url, '/api/stats')).body;

test('keeps everything over a restart, and goes on counting where it was', async () => {
  const dataDir = await folderForTest();
  const traceId = newTraceId();
  {
    await using before = await startForTest({ dataDir });
    await sendOtlp(before.url, 'traces', tracesJson([{ traceId, name: 'first' }]));
    await sendOtlp(before.url, 'logs', logsJson([{ body: 'one' }]));
  }
  await using after = await startForTest({ dataDir });
  expect(await stats(after.url)).toMatchObject({ spans: 1, logs: 1 });
  await sendOtlp(after.url, 'traces', tracesJson([{ traceId, name: 'second', parentSpanId: 'a'.repeat(16) }]));
  await sendOtlp(after.url, 'logs', logsJson([{ body: 'two' }]));
  const found = await api<TraceSearchResult>(after.url, '/api/traces/search', {
    range: everything,
    filter: emptyFilter(),
  });
  expect(found.body.traces).toMatchObject([{ traceId, spanCount: 2, rootName: 'first' }]);
  const logs = await api<{ logs: { id: string; body: string }[] }>(after.url, '/api/logs/search', {
    range: everything,
    filter: emptyFilter(),
  });
  expect(logs.body.logs.map((log) => log.body)).toEqual(['two', 'one']);
});

test('a damaged file is moved aside with a log line, and the store starts empty', async () => {
  const dataDir = await folderForTest();
  await writeFile(join(dataDir, 'telemetry.duckdb'), Buffer.alloc(20_000, 'this is no database '));
  const lines: string[] = [];
  await using telemetry = await startForTest({
    dataDir,
    log: createLog('telemetry', 'info', (line) => lines.push(line)),
  });
  expect(await stats(telemetry.url)).toMatchObject({ spans: 0 });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', service: 'telemetry', message: expect.stringContaining('moved aside') },
  ]);
  expect(await readdir(dataDir)).toEqual(
    expect.arrayContaining([expect.stringContaining('telemetry.duckdb.damaged-')]),
  );
});

test('a second process on the same folder is told so, and damages nothing', async () => {
  const dataDir = await folderForTest();
  await using _telemetry = await startForTest({ dataDir });
  const second = spawnMain(dataDir);
  const [code] = await once(second.child, 'exit');
  expect(code).toBe(1);
  expect(second.output()).toContain('in use by another process');
  expect(await readdir(dataDir)).not.toEqual(expect.arrayContaining([expect.stringContaining('damaged')]));
});

function spawnMain(dataDir: string) {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, OTLP_KEY: otlpKey, TELEMETRY_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const url = async (): Promise<string> => {
    for (;;) {
      const found = /"url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) return found;
      if (child.stdout === null) throw new Error('no output');
      await once(child.stdout, 'data', { signal: AbortSignal.timeout(15_000) });
    }
  };
  return { child, output: () => output, url };
}

test('kill -9 loses at most the last second', async () => {
  const dataDir = await folderForTest();
  const { child, url } = spawnMain(dataDir);
  const base = await url();
  const acknowledged: { traceId: string; atMs: number }[] = [];
  const until = Date.now() + 2500;
  while (Date.now() < until) {
    const traceId = newTraceId();
    await sendOtlp(base, 'traces', tracesJson([{ traceId }]));
    acknowledged.push({ traceId, atMs: Date.now() });
  }
  const killedMs = Date.now();
  child.kill('SIGKILL');
  await once(child, 'exit');

  await using telemetry = await startForTest({ dataDir });
  const kept = new Set<string>();
  let before: string | null = null;
  for (let more = true; more; ) {
    const page: { body: TraceSearchResult } = await api<TraceSearchResult>(telemetry.url, '/api/traces/search', {
      range: everything,
      filter: emptyFilter(),
      limit: 500,
      before,
    });
    for (const found of page.body.traces) kept.add(found.traceId);
    more = page.body.hasMore;
    before = pageAfter(page.body.traces);
  }
  const due = acknowledged.filter(({ atMs }) => atMs < killedMs - 1000);
  expect(due.length).toBeGreaterThan(0);
  expect(due.filter(({ traceId }) => !kept.has(traceId))).toEqual([]);
});

test.each(['SIGTERM', 'disconnect'] as const)('%s writes what is pending and exits 0', async (how) => {
  const dataDir = await folderForTest();
  const { child, url } = spawnMain(dataDir);
  await sendOtlp(await url(), 'traces', tracesJson([{}]));
  if (how === 'SIGTERM') child.kill('SIGTERM');
  else child.disconnect();
  expect((await once(child, 'exit', { signal: AbortSignal.timeout(10_000) }))[0]).toBe(0);
  await using telemetry = await startForTest({ dataDir });
  expect((await stats(telemetry.url)).spans).toBe(1);
});

test('what comes after a read gathers for as long as if nobody had read', async () => {
  const folder = await folderForTest();
  const store = await openStore({ folder, budgetBytes: 2 ** 30, flushMs: 10_000, startOf: () => null, log: silentLog });
  const add = () => store.addLogs([{ ...logOf('one'), seq: store.nextSeq() }]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    add();
    vi.advanceTimersByTime(9_000);
    expect((await store.stats(new AbortController().signal)).logs).toBe(1);
    add();
    vi.advanceTimersByTime(9_000);
    expect(store.pending()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(store.pending()).toBe(0);
  } finally {
    vi.useRealTimers();
    await store.close();
  }
});

test('what fills a batch is written without waiting for more', async () => {
  const folder = await folderForTest();
  const store = await openStore({ folder, budgetBytes: 2 ** 30, flushMs: 60_000, startOf: () => null, log: silentLog });
  const some = (count: number) => Array.from({ length: count }, () => ({ ...logOf('one'), seq: store.nextSeq() }));
  store.addLogs(some(4_999));
  expect(store.pending()).toBe(4_999);
  store.addLogs(some(1));
  expect(store.pending()).toBe(0);
  await store.close();
});

function logOf(body: string): NewLog {
  const nowhere = { instance: null, traceId: null, spanId: null };
  return { timeNano: 1n, severity: 'info', service: 'orders', body, attributes: {}, ...nowhere };
}

test('evicts the oldest when over its budget, and says how much', async () => {
  const dataDir = await folderForTest();
  await using telemetry = await startForTest({ dataDir, budgetBytes: 4 * 1024 * 1024 });
  const filler = () => Array.from({ length: 12 }, newTraceId).join(' ');
  for (let round = 0; round < 12; round++) {
    const spans = Array.from({ length: 1500 }, (_, n) => ({ name: `r${round}`, attributes: { filler: filler(), n } }));
    expect((await sendOtlp(telemetry.url, 'traces', tracesJson(spans))).status).toBe(200);
    await telemetry.store.flush();
  }
  await telemetry.store.enforceBudget();
  const after = await stats(telemetry.url);
  expect(after.evictedSpans).toBeGreaterThan(0);
  expect(after.spans).toBe(12 * 1500 - after.evictedSpans);
  expect(after.bytes).toBeLessThanOrEqual(after.budgetBytes);
  const names = (await api<Facet[]>(telemetry.url, '/api/facets?signal=traces&field=name')).body.map(
    (facet) => facet.value,
  );
  expect(names).toContain('r11');
  expect(names).not.toContain('r0');
  expect(await telemetry.store.enforceBudget()).toBe(0);
});

test('facets count the values of columns and attributes', async () => {
  await using telemetry = await startForTest();
  await sendOtlp(
    telemetry.url,
    'traces',
    tracesJson([
      { service: 'a', attributes: { 'http.route': '/x' } },
      { service: 'b', kind: 2 },
      { service: 'b', attributes: { 'http.route': '/x' } },
    ]),
  );
  const facets = async (field: string) =>
    (await api<Facet[]>(telemetry.url, `/api/facets?signal=traces&field=${field}`)).body;
  expect(await facets('service')).toEqual([
    { value: 'b', count: 2 },
    { value: 'a', count: 1 },
  ]);
  expect(await facets('kind')).toEqual([
    { value: 'internal', count: 2 },
    { value: 'server', count: 1 },
  ]);
  expect(await facets('http.route')).toEqual([{ value: '/x', count: 2 }]);
  expect(await facets('duration')).toEqual([]);
});

test('a file of another schema version is moved aside', async () => {
  const dataDir = await folderForTest();
  const instance = await DuckDBInstance.create(join(dataDir, 'telemetry.duckdb'));
  const connection = await instance.connect();
  await connection.run('create table schema_version as select 1 as version');
  connection.closeSync();
  instance.closeSync();
  await using telemetry = await startForTest({ dataDir });
  await sendOtlp(telemetry.url, 'traces', tracesJson([{}]));
  expect(await stats(telemetry.url)).toMatchObject({ spans: 1 });
  expect(await readdir(dataDir)).toEqual(expect.arrayContaining([expect.stringContaining('damaged')]));
});
