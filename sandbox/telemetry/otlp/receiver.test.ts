import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoreStats } from '#contracts/telemetry/query.ts';
import { api, newTraceId, otlpKey, sendOtlp, startForTest, type TestTelemetry, token, tracesJson } from '../testing.ts';

let telemetry: TestTelemetry;
beforeAll(async () => {
  telemetry = await startForTest();
});
afterAll(() => telemetry[Symbol.asyncDispose]());

function post(path: string, body: BodyInit, headers: Record<string, string> = {}) {
  return fetch(telemetry.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'x-orrery-otlp-key': otlpKey, ...headers },
    body,
  });
}

/** Sends bytes as they are and gives back what comes until the connection closes. */
function sendRaw(bytes: Buffer | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(telemetry.port, '127.0.0.1', () => socket.end(bytes));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.setTimeout(5000, () => socket.destroy(new Error('the connection stays open')));
  });
}

/** A request whose Host (or other forbidden header) fetch would not let us choose. */
function sendRequest(path: string, headers: Record<string, string>): Promise<string> {
  const lines = Object.entries({ Host: `127.0.0.1:${telemetry.port}`, Connection: 'close', ...headers });
  return sendRaw(`GET ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
}

test('bytes that are no OTLP are answered with 400 and a Status, and nothing is stored', async () => {
  const before = (await api<StoreStats>(telemetry.url, '/api/stats')).body;
  const response = await post('/v1/traces', new Uint8Array([255, 255, 255, 1, 2, 3]));
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/x-protobuf');
  expect(Buffer.from(await response.arrayBuffer()).toString()).toContain('not OTLP');
  const json = await post('/v1/logs', '{"resourceLogs": 5}', { 'content-type': 'application/json' });
  expect([json.status, await json.json()]).toEqual([400, { code: 3, message: 'not OTLP: an array is expected' }]);
  const after = (await api<StoreStats>(telemetry.url, '/api/stats')).body;
  expect([after.spans, after.rejected]).toEqual([before.spans, before.rejected + 2]);
});

test('random bytes on the port close that connection and nothing else', async () => {
  for (const bytes of [
    '\u0000\u0001\u0002garbage',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /v1/traces HTTP/1.1\r\nContent-Length: x\r\n\r\n',
  ])
    expect(await sendRaw(Buffer.from(bytes, 'latin1'))).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  expect((await fetch(`${telemetry.url}/health/live`)).status).toBe(200);
});

test('a missing or wrong key is 401', async () => {
  expect((await post('/v1/traces', new Uint8Array(), { 'x-orrery-otlp-key': 'wrong' })).status).toBe(401);
  expect((await fetch(`${telemetry.url}/v1/logs`, { method: 'POST', body: '' })).status).toBe(401);
});

test('tells which content type, encoding and size it takes', async () => {
  expect((await post('/v1/traces', 'x', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post('/v1/traces', 'x', { 'content-encoding': 'br' })).status).toBe(415);
  expect((await post('/v1/traces', 'x', { 'content-encoding': 'gzip' })).status).toBe(400);
  const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024));
  expect((await post('/v1/traces', new Uint8Array(bomb), { 'content-encoding': 'gzip' })).status).toBe(413);
  const large = await post('/v1/traces', new Uint8Array(9 * 1024 * 1024)).catch(() => null);
  expect(large === null || large.status === 413).toBe(true);
});

test('refused spans of a batch make a partial success', async () => {
  const good = tracesJson([{ traceId: newTraceId() }, { traceId: '0'.repeat(32) }]);
  const response = await sendOtlp(telemetry.url, 'traces', good);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    partialSuccess: { rejectedSpans: '1', errorMessage: expect.stringContaining('trace id') },
  });
  expect(await (await sendOtlp(telemetry.url, 'traces', tracesJson([{}]))).json()).toEqual({});
});

test('metrics are answered with a clear 404', async () => {
  const response = await post('/v1/metrics', '{}', { 'content-type': 'application/json' });
  expect([response.status, await response.json()]).toEqual([
    404,
    { code: 5, message: expect.stringContaining('metrics') },
  ]);
});

test('the query API wants its token', async () => {
  for (const authorization of ['', 'Bearer wrong', token])
    expect((await fetch(`${telemetry.url}/api/stats`, { headers: { authorization } })).status).toBe(401);
});

test('names that were rebound to this address, other origins and cross-site requests are refused', async () => {
  expect(await sendRequest('/health/live', {})).toMatch(/^HTTP\/1\.1 200/);
  expect(await sendRequest('/health/live', { Host: 'evil.example' })).toMatch(/^HTTP\/1\.1 403/);
  expect(await sendRequest('/health/live', { Host: `localhost.evil.example:${telemetry.port}` })).toMatch(
    /^HTTP\/1\.1 403/,
  );
  expect(
    await sendRequest('/api/stats', { Origin: 'http://localhost:9999', Authorization: `Bearer ${token}` }),
  ).toMatch(/^HTTP\/1\.1 403/);
  expect(await sendRequest('/api/stats', { 'Sec-Fetch-Site': 'cross-site', Authorization: `Bearer ${token}` })).toMatch(
    /^HTTP\/1\.1 403/,
  );
});

test('a store that has another name is asked under it, and under no third', async () => {
  await using named = await startForTest({ allowedHosts: 'telemetry, toxics' });
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ port: named.port, path: '/health/live', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject);
      asked.end();
    });
  expect(await ask('telemetry:4318')).toBe(200);
  expect(await ask('toxics:18102')).toBe(200);
  expect(await ask('evil.example')).toBe(403);
});

test('unknown routes, methods and bodies are problems that say what to do', async () => {
  expect((await api(telemetry.url, '/api/nothing')).body).toMatchObject({ status: 404, code: 'not_found' });
  expect((await api(telemetry.url, '/api/stats', {})).body).toMatchObject({ status: 405, code: 'method_not_allowed' });
  expect((await api(telemetry.url, '/api/traces/search', { limit: 0 })).body).toMatchObject({
    status: 400,
    errors: expect.arrayContaining([{ path: '/limit', message: expect.any(String) }]),
  });
  const senseless = {
    range: { fromMs: 0, toMs: null },
    filter: { conditions: [{ field: 'kind', op: 'eq', value: 'banana' }] },
  };
  expect((await api(telemetry.url, '/api/traces/search', senseless)).body).toMatchObject({
    status: 400,
    detail: expect.stringContaining('kind is one of'),
  });
  expect((await api(telemetry.url, '/api/stream/logs?q=service:%22open')).body).toMatchObject({
    status: 400,
    position: 8,
  });
  expect((await api(telemetry.url, '/api/facets?signal=x')).status).toBe(400);
});
