import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributes } from '#contracts/telemetry/attributes.ts';
import type { Attributes, SpanKind } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';
import { newSpanId, newTraceId } from '../testing.ts';
import { edgeOf } from './edge.ts';
import { bucketCount, bucketOf, percentile } from './histogram.ts';
import { createRedTable } from './red.ts';

const nowMs = 1_800_000_000_500;
function span(
  kind: SpanKind,
  options: {
    traceId?: string;
    service?: string;
    endMs?: number;
    durationMs?: number;
    error?: boolean;
    attributes?: Attributes;
  } = {},
): SpanRecord {
  const durationNano = (options.durationMs ?? 10) * 1e6;
  return {
    traceId: options.traceId ?? newTraceId(),
    spanId: newSpanId(),
    parentSpanId: null,
    name: 'x',
    kind,
    service: options.service ?? 'orders',
    startNano: BigInt(options.endMs ?? nowMs) * 1_000_000n - BigInt(durationNano),
    durationNano,
    status: options.error === true ? 'error' : 'unset',
    statusMessage: null,
    scope: '',
    attributes: options.attributes ?? {},
    resource: {},
    events: [],
    links: [],
  };
}

test('a service is its server and consumer spans', () => {
  const red = createRedTable(() => nowMs);
  red.record([
    span('server', { durationMs: 100 }),
    span('consumer', { error: true, durationMs: 100 }),
    span('internal'),
    span('client'),
  ]);
  const [service] = red.query(60, 30).services;
  expect(service).toMatchObject({ service: 'orders', count: 2, errorRatio: 0.5, ratePerSecond: 2 / 60 });
  expect(service?.p95Ms).toBeGreaterThan(95);
  expect(service?.p95Ms).toBeLessThan(105);
  expect(service?.series).toHaveLength(30);
  expect(service?.series.at(-1)).toMatchObject({ ratePerSecond: 1, errorRatio: 0.5 });
});

test('an answer that blames the caller is no failure of the edge, no answer and 5xx are', () => {
  const red = createRedTable(() => nowMs);
  const call = (status?: number) =>
    span('client', {
      error: true,
      attributes: {
        [attributes.httpRequestMethod]: 'GET',
        [attributes.peerService]: 'history',
        ...(status === undefined ? {} : { [attributes.httpResponseStatusCode]: status }),
      },
    });
  red.record([call(404), call(429), call(503), call()]);
  expect(red.query(60, 30).edges[0]).toMatchObject({ to: 'history', count: 4, errorRatio: 0.5 });
});

test('an error is counted as injected once that is known, where it counts as a failure', () => {
  const red = createRedTable(() => nowMs);
  const [failed, older] = [span('server', { error: true }), span('server', { error: true, endMs: nowMs - 4_000_000 })];
  const refused = span('client', {
    error: true,
    attributes: { 'http.request.method': 'GET', 'peer.service': 'billing', 'http.response.status_code': 429 },
  });
  red.record([failed, older, refused, span('server', { error: true }), span('server')]);
  expect(red.query(60, 30).services[0]).toMatchObject({ errorRatio: 2 / 3, injectedRatio: 0 });
  for (const one of [failed, older, refused]) red.addInjected(one);
  for (const seconds of [60, 3_600])
    expect(red.query(seconds, 30).services[0]).toMatchObject({ errorRatio: 2 / 3, injectedRatio: 1 / 3 });
  expect(red.query(60, 30).edges[0]).toMatchObject({ errorRatio: 0, injectedRatio: 0 });
});

test('what is older than the window does not count, an hour is kept, older and future spans are ignored', () => {
  const red = createRedTable(() => nowMs);
  for (const ageSeconds of [0, 30, 90, 1000, 3500, 4000, -60])
    red.record([span('server', { endMs: nowMs - ageSeconds * 1000 })]);
  expect(red.query(60, 10).services[0]?.count).toBe(2);
  expect(red.query(120, 10).services[0]?.count).toBe(3);
  expect(red.query(3600, 10).services[0]?.count).toBe(5);
});

test('a second that comes round again in the ring starts from zero', () => {
  let now = nowMs;
  const red = createRedTable(() => now);
  red.record([span('server')]);
  now += 300_000;
  red.record([span('server', { endMs: now })]);
  expect(red.query(60, 1).services[0]?.count).toBe(1);
});

test.each([
  [
    'http with peer.service',
    'client',
    { 'http.request.method': 'GET', 'peer.service': 'billing', 'server.port': 1 },
    { from: 'orders', to: 'billing', protocol: 'http' },
  ],
  [
    'http without it',
    'client',
    { 'http.request.method': 'GET', 'server.address': 'h', 'server.port': 80 },
    { from: 'orders', to: 'h:80', protocol: 'http' },
  ],
  [
    'grpc',
    'client',
    { 'rpc.system': 'grpc', 'peer.service': 'pricing' },
    { from: 'orders', to: 'pricing', protocol: 'grpc' },
  ],
  [
    'postgres',
    'client',
    { 'db.system.name': 'postgresql', 'server.port': 5432 },
    { from: 'orders', to: 'postgres', protocol: 'postgres' },
  ],
  [
    'producer',
    'producer',
    { 'messaging.destination.name': 'orders.events' },
    { from: 'orders', to: 'orders.events', protocol: 'kafka-produce' },
  ],
  [
    'consumer',
    'consumer',
    { 'messaging.destination.name': 'orders.events' },
    { from: 'orders.events', to: 'orders', protocol: 'kafka-consume' },
  ],
  ['server', 'server', { 'http.request.method': 'GET', 'peer.service': 'x' }, null],
  ['a client of nothing known', 'client', {}, null],
] as const)('the edge of %s', (_name, kind, attributes, edge) => {
  expect(edgeOf(span(kind, { attributes }))).toEqual(edge);
});

test('edges carry their own rate, errors and duration', () => {
  const red = createRedTable(() => nowMs);
  const attributes = { 'http.request.method': 'GET', 'peer.service': 'billing' };
  red.record([span('client', { attributes }), span('client', { attributes, error: true })]);
  expect(red.query(10, 1).edges).toMatchObject([
    { from: 'orders', to: 'billing', protocol: 'http', count: 2, errorRatio: 0.5, ratePerSecond: 0.2 },
  ]);
});

test('a sender that invents names does not fill the memory', () => {
  const red = createRedTable(() => nowMs);
  for (let n = 0; n < 1000; n++) red.record([span('server', { service: `s${n}` })]);
  expect(red.query(60, 1).services.length).toBeLessThanOrEqual(64);
});

test('percentiles are right to within 5 %', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.02, max: 90_000, noNaN: true }), { minLength: 1 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (durations, share) => {
        const counts = new Uint32Array(bucketCount);
        for (const duration of durations) counts[bucketOf(duration)] = (counts[bucketOf(duration)] ?? 0) + 1;
        const exact = durations.sort((a, b) => a - b)[Math.max(1, Math.ceil(durations.length * share)) - 1] ?? 0;
        const estimate = percentile(counts, durations.length, share) ?? 0;
        expect(Math.abs(estimate - exact) / exact).toBeLessThan(0.0501);
      },
    ),
  );
});
