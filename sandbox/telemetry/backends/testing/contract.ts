import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import {
  Facet,
  type Filter,
  LogRecord,
  LogSearchResult,
  RedResult,
  Span,
  Trace,
  TraceSearchResult,
  TraceSummary,
} from '#contracts/telemetry/query.ts';
import { api, newTraceId, openStream, pageAfter, type TestLog, type TestSpan } from '../../testing.ts';
import { type Fixture, fixtureAt, orderId, runAttribute } from './fixture.ts';

/** A store behind the query API, and a way to put telemetry into it. */
export type World = {
  /** Of the query API. */
  url: string;
  nowMs(): number;
  /** Resolves when the store has taken it; that it is found may take a while longer. */
  send(records: { spans?: TestSpan[]; logs?: TestLog[] }): Promise<void>;
  /** Makes traffic (fixture.ts) until rates can be read. */
  traffic(): Promise<void>;
  close(): Promise<void>;
};

/** Real stores find what they were sent only after a while. */
const foundWithinMs = 120_000;

/** What the query API answers, whoever holds the telemetry: the same cases for each. */
export function queryContract(open: () => Promise<World>): void {
  let world: World;
  let fixture: Fixture;
  beforeAll(async () => {
    world = await open();
    fixture = fixtureAt(world.nowMs(), `run-${newTraceId().slice(0, 8)}`);
    await world.send(fixture);
    await until(async () => (await traces('')).length === 8 && (await logs('')).length === 5);
    const { spans } = await trace(fixture.ids.checkout);
    expect(spans).toHaveLength(6);
  }, 2 * foundWithinMs);
  afterAll(() => world.close());

  const range = () => ({ fromMs: world.nowMs() - 300_000, toMs: null as number | null });
  const own = (text: string): Filter => {
    const parsed = parseFilter(`${runAttribute}:${fixture.run} ${text}`);
    if (!parsed.ok) throw new Error(parsed.error.message);
    return parsed.filter;
  };
  const searchTraces = async (text: string, more: object = {}) => {
    const { status, body } = await api(world.url, '/api/traces/search', { range: range(), filter: own(text), ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    return TraceSearchResult.parse(body);
  };
  const searchLogs = async (text: string, more: object = {}) => {
    const { status, body } = await api(world.url, '/api/logs/search', { range: range(), filter: own(text), ...more });
    expect(status, JSON.stringify(body)).toBe(200);
    return LogSearchResult.parse(body);
  };
  const traces = async (text: string) => (await searchTraces(text)).traces.map(({ rootName }) => rootName);
  const logs = async (text: string) => (await searchLogs(text)).logs.map(({ body }) => body);
  const trace = async (id: string) => Trace.parse((await api(world.url, `/api/traces/${id}`)).body);

  test.each<[string, string[]]>([
    ['service:gateway', ['GET', 'POST /checkout']],
    ['service~GATE', ['GET', 'POST /checkout']],
    ['service:orders status:error', ['billing/Charge']],
    ['status:ok', []],
    ['kind:consumer', ['POST /checkout']],
    ['kind:internal -name:"tick 1"', ['tick 4', 'tick 3', 'tick 2', 'tick 0']],
    ['duration>=400ms', ['billing/Charge']],
    ['duration<6ms service:inventory', ['tick 0']],
    ['name:"Charge \\"quoted\\" \\\\ path"', ['billing/Charge']],
    ['name~"QUOTED"', ['billing/Charge']],
    [`order:${orderId}`, ['POST /checkout']],
    ['order:*', ['POST /checkout']],
    ['http.response.status_code>=400', ['GET']],
    ['http.response.status_code:404', ['GET']],
    ['http.method:POST', ['POST /checkout']],
    ['messaging.destination.partition.id:3', ['POST /checkout']],
    ['n>6', ['billing/Charge']],
    ['n>7', []],
    ['note~istanbul', ['billing/Charge']],
    ['insert', ['POST /checkout']],
    ['"grüße aus"', ['billing/Charge']],
    ['-http.route:* -service:inventory kind:client', ['GET', 'billing/Charge', 'POST /checkout']],
    ['scope:test name:POST', ['POST /checkout']],
    ['severity:error', []],
    ['name:".*"', []],
  ])('traces: %s', async (text, expected) => {
    expect((await traces(text)).sort()).toEqual([...expected].sort());
  });

  test.each<[string, string[]]>([
    ['service:orders', ['Order cancelled', 'order placed']],
    ['-service:orders -service:billing', ['50% of .* is left']],
    ['severity>=error', ['50% of .* is left', 'card was declined']],
    ['severity:warn', ['Order cancelled']],
    ['-severity:info severity<fatal', ['a "quoted" \\ path\nand {a line}', 'card was declined', 'Order cancelled']],
    ['body:"order placed"', ['order placed']],
    ['body~order', ['Order cancelled', 'order placed']],
    ['body~".*"', ['50% of .* is left']],
    ['body~"\\"quoted\\" \\\\ path"', ['a "quoted" \\ path\nand {a line}']],
    [`orderId:${orderId}`, ['order placed']],
    ['amount>5', ['order placed']],
    ['amount>=5 -orderId:other', ['order placed']],
    ['http.route:/orders', ['order placed']],
    ['-amount:* service:billing', ['a "quoted" \\ path\nand {a line}', 'card was declined']],
    ['reason~INSUFFICIENT', ['card was declined']],
    ['note~istanbul', ['50% of .* is left']],
    ['"insufficient"', ['card was declined']],
    ['"aus i̇stanbul"', []],
    ['"grüße"', ['50% of .* is left']],
    ['flag:true', ['50% of .* is left']],
    ['kind:server', []],
    ['trace:*', ['card was declined', 'order placed']],
  ])('logs: %s', async (text, expected) => {
    expect((await logs(text)).sort()).toEqual([...expected].sort());
  });

  test('log records keep their ids, severity, time and attributes', async () => {
    const [placed] = (await searchLogs('body:"order placed"')).logs;
    expect(placed).toMatchObject({
      severity: 'info',
      service: 'orders',
      traceId: fixture.ids.checkout,
      timeUnixNano: String(BigInt(world.nowMs() === 0 ? 0 : (fixture.logs[0]?.timeMs ?? 0)) * 1_000_000n),
      attributes: { orderId, 'http.route': '/orders', [runAttribute]: fixture.run },
    });
    expect(Number(placed?.attributes.amount)).toBe(12);
  });

  test('logs come newest or oldest first, page by page, within a range', async () => {
    const all = fixture.logs.map(({ body }) => body);
    const first = await searchLogs('', { limit: 3 });
    expect(first.logs.map(({ body }) => body)).toEqual(all.slice(2).reverse());
    expect(first.hasMore).toBe(true);
    const second = await searchLogs('', { limit: 3, before: first.logs.at(-1)?.id });
    expect(second).toMatchObject({ logs: [{ body: all[1] }, { body: all[0] }], hasMore: false });
    const oldest = await searchLogs('', { order: 'oldest', limit: 2 });
    expect(oldest).toMatchObject({ logs: [{ body: all[0] }, { body: all[1] }], hasMore: true });
    const after = await searchLogs('', { order: 'oldest', before: oldest.logs.at(-1)?.id });
    expect(after.logs.map(({ body }) => body)).toEqual(all.slice(2));
    const one = await searchLogs('', { limit: 1, before: String(BigInt(first.logs[1]?.id ?? 0) + 1n) });
    expect(one.logs[0]).toEqual(first.logs[1]);
    const fromMs = fixture.logs[1]?.timeMs ?? 0;
    const some = await searchLogs('', { range: { fromMs, toMs: fromMs + 14 } });
    expect(some.logs.map(({ body }) => body)).toEqual([all[2], all[1]]);
  });

  test('traces come newest first, page by page, also within one instant, or longest first', async () => {
    const seen: string[] = [];
    let before: string | null = null;
    for (let page = 0; page < 8; page++) {
      const found = await searchTraces('', { limit: 1, before });
      seen.push(...found.traces.map(({ rootName }) => rootName));
      before = pageAfter(found.traces);
      expect(found.hasMore).toBe(page < 7);
    }
    expect(seen.filter((name) => name.startsWith('tick')).sort()).toEqual([
      'tick 0',
      'tick 1',
      'tick 2',
      'tick 3',
      'tick 4',
    ]);
    expect([seen[0], ...seen.slice(3)]).toEqual([
      'tick 4',
      'tick 1',
      'tick 0',
      'GET',
      'billing/Charge',
      'POST /checkout',
    ]);
    const longest = await searchTraces('', { sort: 'duration', limit: 2 });
    expect(longest.traces.map(({ rootName }) => rootName)).toEqual(['billing/Charge', 'POST /checkout']);
    expect(longest.hasMore).toBe(true);
    const fromMs = fixture.spans.find(({ name }) => name === 'billing/Charge')?.startMs ?? 0;
    const some = await searchTraces('', { range: { fromMs, toMs: fromMs + 15_000 } });
    expect(some.traces.map(({ rootName }) => rootName)).toEqual(['GET', 'billing/Charge']);
  });

  test('a trace is told whole, and sums up its spans', async () => {
    const { summary, spans } = await trace(fixture.ids.checkout);
    expect(summary).toMatchObject({
      rootName: 'POST /checkout',
      rootService: 'gateway',
      rootMissing: false,
      spanCount: 6,
      errorCount: 0,
      orderId,
      durationNano: 120_000_000,
      services: [
        { name: 'gateway', spans: 2 },
        { name: 'orders', spans: 3 },
        { name: 'billing', spans: 1 },
      ],
    });
    expect(spans.map(({ name }) => name)[0]).toBe('POST /checkout');
    expect(spans.find(({ kind }) => kind === 'producer')).toMatchObject({
      service: 'orders',
      scope: 'test',
      status: 'unset',
      parentSpanId: fixture.spans[2]?.spanId,
      attributes: { 'messaging.destination.name': 'orders.events', 'messaging.destination.partition.id': '3' },
    });
    const [found] = (await searchTraces(`trace:${fixture.ids.checkout}`)).traces;
    expect(found).toEqual({ ...summary, lastArrivalMs: found?.lastArrivalMs });
    const failed = await trace(fixture.ids.charge);
    expect(failed.summary).toMatchObject({ errorCount: 2, injectedCount: 0, faults: [] });
    expect((await api(world.url, `/api/traces/${newTraceId()}`)).status).toBe(404);
  });

  test('values of a field are suggested', async () => {
    const facets = async (of: string, field: string) =>
      Facet.array()
        .parse((await api(world.url, `/api/facets?signal=${of}&field=${field}`)).body)
        .map(({ value }) => value);
    expect(await facets('traces', 'service')).toEqual(
      expect.arrayContaining(['gateway', 'orders', 'billing', 'inventory']),
    );
    expect(await facets('traces', 'http.route')).toEqual(expect.arrayContaining(['/orders', '/checkout']));
    expect(await facets('logs', 'service')).toEqual(expect.arrayContaining(['orders', 'billing', 'inventory']));
    expect(await facets('logs', 'orderId')).toContain('other');
    expect(await facets('logs', 'duration')).toEqual([]);
  });

  test('senseless conditions are refused with what is wrong', async () => {
    for (const [path, condition] of [
      ['/api/traces/search', { field: 'name', op: 'gt', value: 3 }],
      ['/api/logs/search', { field: 'severity', op: 'eq', value: 'bad' }],
    ] as const) {
      const filter = { conditions: [condition], text: null };
      const { status, body } = await api<{ detail: string }>(world.url, path, { range: range(), filter });
      expect(status).toBe(400);
      expect(body.detail).toContain(condition.field);
    }
  });

  test('a live list of traces shows those that are new, and a trace that grows', async () => {
    const live = await openStream(world.url, `/api/stream/traces?${query('name~fresh')}`, foundWithinMs);
    const traceId = newTraceId();
    const spans = await openStream(world.url, `/api/stream/traces/${traceId}`, foundWithinMs);
    expect((await spans.next<unknown[]>()).data).toEqual([]);
    const [root, child] = [
      { traceId, spanId: 'ab'.repeat(8), name: 'fresh root', startMs: world.nowMs(), durationMs: 5 },
      { traceId, parentSpanId: 'ab'.repeat(8), name: 'fresh child', startMs: world.nowMs(), durationMs: 3 },
    ].map((span) => ({ ...span, attributes: { [runAttribute]: fixture.run } }));
    await world.send({ spans: [root as TestSpan] });
    expect(TraceSummary.parse((await live.next()).data)).toMatchObject({
      traceId,
      rootName: 'fresh root',
      spanCount: 1,
    });
    expect(Span.array().parse((await spans.next()).data)).toMatchObject([{ name: 'fresh root' }]);
    await world.send({ spans: [child as TestSpan] });
    expect(TraceSummary.parse((await live.next()).data)).toMatchObject({ traceId, spanCount: 2 });
    expect(Span.array().parse((await spans.next()).data)).toMatchObject([{ name: 'fresh child' }]);
    live.close();
    spans.close();
  });

  test('a live log shows matching lines that are new', async () => {
    const live = await openStream(world.url, `/api/stream/logs?${query('severity:error')}`, foundWithinMs);
    const attributes = { [runAttribute]: fixture.run };
    await world.send({
      logs: [
        { body: 'not of interest', timeMs: world.nowMs(), attributes },
        { body: 'just failed', severityNumber: 17, timeMs: world.nowMs(), attributes },
      ],
    });
    expect(
      LogRecord.array()
        .parse((await live.next()).data)
        .map(({ body }) => body),
    ).toEqual(['just failed']);
    live.close();
  });
  const query = (text: string) => new URLSearchParams({ filter: JSON.stringify(own(text)) });

  test('rates, errors and durations of services and edges', async () => {
    await world.traffic();
    const { status, body } = await api(world.url, '/api/red', { windowSeconds: 60, buckets: 4 });
    expect(status, JSON.stringify(body)).toBe(200);
    const red = RedResult.parse(body);
    expect(red.windowSeconds).toBe(60);
    const service = (name: string) => red.services.find((one) => one.service === name);
    expect(service('gateway')).toMatchObject({ errorRatio: 0, injectedRatio: 0 });
    expect(service('gateway')?.p95Ms).toBeGreaterThan(99);
    expect(service('gateway')?.p95Ms).toBeLessThan(201);
    expect(service('gateway')?.series.some(({ ratePerSecond }) => ratePerSecond > 0)).toBe(true);
    // Of three spans that billing serves, one is a charge that fails.
    expect(service('billing')?.errorRatio).toBeCloseTo(1 / 3, 1);
    expect(red.edges).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ from: 'gateway', to: 'orders', protocol: 'http', errorRatio: 0 }),
        expect.objectContaining({
          from: 'orders',
          to: 'billing',
          protocol: 'grpc',
          errorRatio: expect.closeTo(0.5, 1),
        }),
        expect.objectContaining({ from: 'orders', to: 'postgres', protocol: 'postgres', errorRatio: 0 }),
        expect.objectContaining({ from: 'orders', to: 'orders.events', protocol: 'kafka-produce' }),
        expect.objectContaining({ from: 'orders.events', to: 'billing', protocol: 'kafka-consume' }),
      ]),
    );
    for (const edge of red.edges) expect(edge.ratePerSecond, JSON.stringify(edge)).toBeGreaterThan(0);
    const live = await openStream(world.url, '/api/stream/red?windowSeconds=60&buckets=4');
    expect(RedResult.parse((await live.next()).data).services.length).toBeGreaterThan(2);
    live.close();
  });
}

/** Asks again until it is so: stores index in their own time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + foundWithinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('what was sent is not found');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
