import { rm } from 'node:fs/promises';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { LogSearchResult, RedResult, Trace, TraceSearchResult, TraceSummary } from '#contracts/telemetry/query.ts';
import { Trace as TraceSchema, TraceSearchResult as TraceSearchSchema } from '#contracts/telemetry/query.ts';
import {
  api,
  emptyFilter,
  everything,
  logsJson,
  newSpanId,
  newTraceId,
  openStream,
  otlpKey,
  pageAfter,
  sendOtlp,
  startForTest,
  temporaryFolder,
  tracesJson,
} from './testing.ts';

function tracerFor(url: string, service: string) {
  const exporter = new OTLPTraceExporter({
    url: `${url}/v1/traces`,
    headers: { 'x-orrery-otlp-key': otlpKey },
    compression: 'gzip' as never,
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': `${service}-1` }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return { provider, tracer: provider.getTracer('test-scope') };
}

test('keeps what the real OpenTelemetry exporter sends, attribute by attribute', async () => {
  await using telemetry = await startForTest();
  const { provider, tracer } = tracerFor(telemetry.url, 'orders');
  const root = tracer.startSpan('POST /orders', { kind: SpanKind.SERVER });
  const child = tracer.startSpan(
    'send orders.events',
    {
      kind: SpanKind.PRODUCER,
      attributes: {
        'orrery.order.id': '0198c0de-0000-7000-8000-000000000001',
        n: 3,
        big: 2 ** 40,
        half: 0.5,
        yes: true,
        list: ['a', 'b'],
      },
      links: [{ context: root.spanContext(), attributes: { why: 'test' } }],
    },
    trace.setSpan(context.active(), root),
  );
  child.addEvent('acknowledged', { offset: 42 });
  child.recordException(new Error('too late'));
  child.setStatus({ code: 2, message: 'broker said no' });
  child.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();

  const { status, body } = await api<Trace>(telemetry.url, `/api/traces/${root.spanContext().traceId}`);
  expect(status).toBe(200);
  const stored = TraceSchema.parse(body);
  expect(stored.summary).toMatchObject({
    rootName: 'POST /orders',
    rootService: 'orders',
    rootMissing: false,
    spanCount: 2,
    errorCount: 1,
    orderId: '0198c0de-0000-7000-8000-000000000001',
    services: [{ name: 'orders', spans: 2 }],
  });
  const sent = stored.spans.find((span) => span.kind === 'producer');
  expect(sent).toMatchObject({
    parentSpanId: root.spanContext().spanId,
    status: 'error',
    statusMessage: 'broker said no',
    scope: 'test-scope',
    service: 'orders',
    attributes: { n: 3, big: 2 ** 40, half: 0.5, yes: true, list: ['a', 'b'] },
    resource: { 'service.instance.id': 'orders-1' },
    links: [{ traceId: root.spanContext().traceId, spanId: root.spanContext().spanId, attributes: { why: 'test' } }],
  });
  expect(sent?.events.map((event) => event.name)).toEqual(['acknowledged', 'exception']);
  expect(sent?.events[0]?.attributes).toEqual({ offset: 42 });
});

test('finds traces by filter, pages by start, and shows the query that ran', async () => {
  await using telemetry = await startForTest();
  const now = Date.now();
  const spans = Array.from({ length: 30 }, (_, index) => ({
    service: index % 3 === 0 ? 'billing' : 'orders',
    name: `step ${index}`,
    startMs: now - 60_000 + index,
    error: index === 7,
  }));
  await sendOtlp(telemetry.url, 'traces', tracesJson(spans));
  const search = (body: object) =>
    api<TraceSearchResult>(telemetry.url, '/api/traces/search', { range: everything, filter: emptyFilter(), ...body });

  const failed = await search({ filter: { conditions: [{ field: 'status', op: 'eq', value: 'error' }], text: null } });
  expect(failed.body.traces.map((found) => found.rootName)).toEqual(['step 7']);
  expect(TraceSearchSchema.parse(failed.body).sql).toContain('trace_parts');

  const first = await search({ limit: 20 });
  expect(first.body.hasMore).toBe(true);
  const second = await search({ limit: 20, before: pageAfter(first.body.traces) });
  expect(second.body.hasMore).toBe(false);
  const names = [...first.body.traces, ...second.body.traces].map((found) => found.rootName);
  expect(names).toEqual(spans.map((span) => span.name).reverse());

  // Ten traces that start in one nanosecond: a page may end between any two of them.
  const together = Array.from({ length: 10 }, () => ({ name: 'twin', startMs: now - 30_000 }));
  await sendOtlp(telemetry.url, 'traces', tracesJson(together));
  const twins = new Set<string>();
  for (let before: string | null = null, more = true; more; ) {
    const { body }: { body: TraceSearchResult } = await search({
      limit: 3,
      before,
      range: { fromMs: now - 40_000, toMs: null },
    });
    for (const found of body.traces) twins.add(found.traceId);
    before = pageAfter(body.traces);
    more = body.hasMore;
  }
  expect(twins.size).toBe(10);
  expect((await search({ before: String(now) })).status).toBe(400);

  const none = await search({ range: { fromMs: now + 1000, toMs: null } });
  expect(none.body.traces).toEqual([]);
});

test('tells about a trace that grows, within the second, and streams its spans without repeating any', async () => {
  await using telemetry = await startForTest();
  const traceId = newTraceId();
  const traces = await openStream(telemetry.url, '/api/stream/traces?service=orders');
  await sendOtlp(telemetry.url, 'traces', tracesJson([{ traceId, name: 'root' }, { service: 'elsewhere' }]));
  expect((await traces.next<TraceSummary>()).data).toMatchObject({ traceId, spanCount: 1, rootName: 'root' });

  const spans = await openStream(telemetry.url, `/api/stream/traces/${traceId}`);
  const first = await spans.next<{ name: string }[]>();
  expect(first.data.map((span) => span.name)).toEqual(['root']);
  await sendOtlp(
    telemetry.url,
    'traces',
    tracesJson([{ traceId, name: 'child', parentSpanId: 'a'.repeat(16), service: 'billing' }]),
  );
  expect((await spans.next<{ name: string }[]>()).data.map((span) => span.name)).toEqual(['child']);
  expect((await traces.next<TraceSummary>()).data).toMatchObject({ traceId, spanCount: 2 });
  traces.close();
  spans.close();
});

test('searches logs by severity and free text, and tails them', async () => {
  await using telemetry = await startForTest();
  const tail = await openStream(telemetry.url, '/api/stream/logs?q=severity>=warn');
  const traceId = newTraceId();
  await sendOtlp(
    telemetry.url,
    'logs',
    logsJson([
      { body: 'order placed' },
      {
        body: 'charge declined',
        severityNumber: 13,
        traceId,
        attributes: { orderId: '0198c0de-0000-7000-8000-000000000002' },
      },
      { body: 'stock released', severityNumber: 17, service: 'inventory' },
    ]),
  );
  expect((await tail.next<{ body: string }[]>()).data.map((log) => log.body)).toEqual([
    'charge declined',
    'stock released',
  ]);
  tail.close();

  const search = async (filter: object) =>
    (await api<LogSearchResult>(telemetry.url, '/api/logs/search', { range: everything, filter })).body.logs;
  expect(
    (await search({ conditions: [{ field: 'severity', op: 'gte', value: 'warn' }] })).map((log) => log.body),
  ).toEqual(['stock released', 'charge declined']);
  expect((await search({ conditions: [], text: 'DECLINED' })).map((log) => log.traceId)).toEqual([traceId]);
  expect(
    (await search({ conditions: [{ field: 'orderId', op: 'eq', value: '0198c0de-0000-7000-8000-000000000002' }] }))
      .length,
  ).toBe(1);
  expect((await search({ conditions: [{ field: 'traceId', op: 'eq', value: traceId }] })).length).toBe(1);
});

test('answers 404 for a trace it does not have and 400 for what is no trace id', async () => {
  await using telemetry = await startForTest();
  expect((await api(telemetry.url, `/api/traces/${newTraceId()}`)).status).toBe(404);
  expect((await api(telemetry.url, '/api/traces/nonsense')).body).toMatchObject({
    status: 400,
    code: 'invalid_argument',
  });
});

test('a trace of many spans is streamed whole, in parts, and read at once', async () => {
  await using telemetry = await startForTest();
  const traceId = newTraceId();
  const count = 12_000;
  const filler = 'x'.repeat(500);
  for (let sent = 0; sent < count; sent += 2000) {
    const spans = Array.from({ length: 2000 }, () => ({ traceId, attributes: { filler } }));
    expect((await sendOtlp(telemetry.url, 'traces', tracesJson(spans))).status).toBe(200);
    await telemetry.store.flush();
  }
  const stream = await openStream(telemetry.url, `/api/stream/traces/${traceId}`, 20_000);
  const seen = new Set<string>();
  while (seen.size < count) for (const span of (await stream.next<{ spanId: string }[]>()).data) seen.add(span.spanId);
  stream.close();
  expect((await api<Trace>(telemetry.url, `/api/traces/${traceId}`)).body.spans).toHaveLength(count);
}, 60_000);

test('marks what a fault touched, also after a restart that was not told again', async () => {
  const fault: FaultWindow = {
    id: '0198c0de-0000-4000-8000-00000000f001',
    kind: 'connection-refused',
    footprint: { on: 'edge', from: 'gateway', to: 'orders', protocol: 'http', effect: 'refuse', leastMs: 0 },
    fromMs: Date.now() - 1_000,
    untilMs: null,
    bites: false,
  };
  const call = (peer: string) => ({
    service: 'gateway',
    kind: 3,
    traceId: newTraceId(),
    error: true,
    attributes: { 'http.request.method': 'GET', 'peer.service': peer },
  });
  const marksOf = async (url: string, traceId: string) =>
    (await api<Trace>(url, `/api/traces/${traceId}`)).body.spans.map(({ attributes }) => attributes['chaos.fault.id']);
  const [touched, other, later] = [call('orders'), call('history'), call('orders')];
  const dataDir = await temporaryFolder();
  {
    await using telemetry = await startForTest({ dataDir });
    expect((await api(telemetry.url, '/api/faults', [{ id: 'nonsense' }], 'PUT')).status).toBe(400);
    expect((await fetch(`${telemetry.url}/api/faults`, { method: 'PUT', body: '[]' })).status).toBe(401);
    expect((await api(telemetry.url, '/api/faults', [fault], 'PUT')).status).toBe(204);
    await sendOtlp(telemetry.url, 'traces', tracesJson([touched, other]));
    expect(await marksOf(telemetry.url, touched.traceId)).toEqual([fault.id]);
    expect(await marksOf(telemetry.url, other.traceId)).toEqual([undefined]);
    const found = await api<TraceSearchResult>(telemetry.url, '/api/traces/search', {
      range: everything,
      filter: { conditions: [{ field: 'chaos.fault.kind', op: 'eq', value: fault.kind }], text: null },
    });
    expect(found.body.traces).toMatchObject([
      { traceId: touched.traceId, errorCount: 1, injectedCount: 1, faults: [{ id: fault.id, kind: fault.kind }] },
    ]);
    const [red] = (await api<RedResult>(telemetry.url, '/api/red', {})).body.edges.filter(({ to }) => to === 'orders');
    expect(red).toMatchObject({ errorRatio: 1, injectedRatio: 1 });
  }
  await using telemetry = await startForTest({ dataDir });
  await sendOtlp(telemetry.url, 'traces', tracesJson([later]));
  expect(await marksOf(telemetry.url, later.traceId)).toEqual([fault.id]);
  await rm(dataDir, { recursive: true, force: true });
});

test('an error is injected once the touched span below it has come, everywhere; one beside it stays organic', async () => {
  await using telemetry = await startForTest();
  const traceId = newTraceId();
  const [request, slow, card] = [newSpanId(), newSpanId(), newSpanId()];
  const startMs = Date.now() - 5_000;
  const send = async (...spans: Parameters<typeof tracesJson>[0]) => {
    expect((await sendOtlp(telemetry.url, 'traces', tracesJson(spans))).status).toBe(200);
    await telemetry.store.flush();
  };
  const told = async () => {
    const query = { range: everything, filter: emptyFilter() };
    const [found] = (await api<TraceSearchResult>(telemetry.url, '/api/traces/search', query)).body.traces;
    const { summary } = (await api<Trace>(telemetry.url, `/api/traces/${traceId}`)).body;
    const { services } = (await api<RedResult>(telemetry.url, '/api/red', {})).body;
    const red = (of: string) => services.find(({ service }) => service === of)?.injectedRatio;
    return [found?.injectedCount, summary.injectedCount, red('gateway'), red('billing')];
  };
  const stream = await openStream(telemetry.url, '/api/stream/traces');
  await send(
    { traceId, spanId: card, service: 'billing', kind: 5, parentSpanId: newSpanId(), startMs, error: true },
    { traceId, spanId: request, service: 'gateway', kind: 2, startMs, durationMs: 500, error: true },
  );
  expect(await told()).toEqual([0, 0, 0, 0]);
  const attributes = { 'chaos.fault.kind': 'latency', 'chaos.fault.id': 'f' };
  await send({ traceId, spanId: slow, service: 'gateway', kind: 3, parentSpanId: request, startMs, attributes });
  expect(await told()).toEqual([1, 1, 1, 0]);
  for (;;) {
    const { data } = await stream.next<TraceSummary>();
    if (data.spanCount < 3) continue;
    expect(data).toMatchObject({ errorCount: 2, injectedCount: 1, faults: [{ kind: 'latency' }] });
    break;
  }
  stream.close();
});
