import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import type { RedResult, Trace, TraceSearchResult } from '#contracts/telemetry/query.ts';
import { api, emptyFilter, newTraceId, openStream, type TestLog, type TestSpan, token } from '../testing.ts';
import { fixtureAt } from './testing/fixture.ts';
import { readRecording, recordedPrometheus } from './testing/recorded-prometheus.ts';
import { standInLoki } from './testing/stand-in-loki.ts';
import { standInTempo } from './testing/stand-in-tempo.ts';
import { openReader, quick } from './testing/worlds.ts';

const urls = {
  tempo: 'http://tempo.test:3200',
  loki: 'http://loki.test:3100',
  prometheus: 'http://prometheus.test:9090',
};
const recording = readRecording();
const nowMs = recording.atMs;
const msw = setupServer(...recordedPrometheus(urls.prometheus, recording));
beforeAll(() => msw.listen({ onUnhandledRequest: 'bypass' }));
afterEach(() => {
  msw.resetHandlers();
  vi.restoreAllMocks();
});
afterAll(() => msw.close());

async function opened(spans: TestSpan[] = [], logs: TestLog[] = []) {
  const [tempo, loki] = [standInTempo(urls.tempo), standInLoki(urls.loki)];
  tempo.take(spans);
  loki.take(logs);
  msw.use(...tempo.handlers, ...loki.handlers);
  const reader = await openReader(urls, () => nowMs, quick);
  return { url: reader.url, [Symbol.asyncDispose]: reader.close };
}
type Problem = { code: string; detail: string };
const range = { fromMs: nowMs - 300_000, toMs: null };
const search = <T>(url: string, of: 'traces' | 'logs', more: object = {}) =>
  api<T>(url, `/api/${of}/search`, { range, filter: emptyFilter(), ...more });

/** On calls from orders to billing, while the fixture's charge was made. */
const chargeFault: FaultWindow = {
  id: 'fault-1',
  kind: 'grpc-errors',
  footprint: { on: 'edge', from: 'orders', to: 'billing', protocol: 'grpc', effect: 'all', leastMs: 0 },
  fromMs: nowMs - 55_000,
  untilMs: nowMs - 45_000,
  bites: true,
};

test('a backend that does not answer is named, and the others go on', async () => {
  await using reader = await opened();
  msw.use(http.all(`${urls.loki}/*`, () => HttpResponse.error()));
  const { status, body } = await search<Problem>(reader.url, 'logs');
  expect(status).toBe(503);
  expect(body.detail).toBe('Loki at http://loki.test:3100 does not answer');
  expect((await search(reader.url, 'traces')).status).toBe(200);
  const ready = await api<Problem>(reader.url, '/health/ready');
  expect(ready).toMatchObject({ status: 503, body: { detail: expect.stringContaining('Loki') } });
  const stream = await fetch(`${reader.url}/api/stream/logs`, { headers: { authorization: `Bearer ${token}` } });
  expect(stream.status).toBe(503);
  expect(await stream.json()).toMatchObject({ detail: expect.stringContaining('Loki') });
});

test('a backend that refuses, is ill, or answers something unknown is named with what it says', async () => {
  await using reader = await opened();
  const answers: [Parameters<typeof HttpResponse.text>[1] & { status: number }, string, number, string][] = [
    [{ status: 400 }, 'parse error at line 1', 502, 'Tempo refuses the query (400): parse error at line 1'],
    [{ status: 500 }, 'too many open files', 503, 'Tempo answers 500: too many open files'],
    [
      { status: 200 },
      '{"traces": [{"traceID": "no id"}]}',
      502,
      'Tempo answers /api/search with something unknown, at /traces/0/traceID',
    ],
    [{ status: 200 }, '<html>', 502, 'Tempo answers /api/search with something unknown'],
    [{ status: 404 }, 'page not found', 502, 'there is no Tempo at http://tempo.test:3200'],
  ];
  for (const [init, text, status, detail] of answers) {
    msw.use(http.get(`${urls.tempo}/api/search`, () => HttpResponse.text(text, init)));
    const answer = await search<Problem>(reader.url, 'traces');
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
  }
});

test('a stream ends when its backend goes, so that its reader opens anew and is told', async () => {
  await using reader = await opened();
  const live = await openStream(reader.url, '/api/stream/logs');
  expect(live.status).toBe(200);
  msw.use(http.all(`${urls.loki}/*`, () => HttpResponse.error()));
  await expect(live.next()).rejects.toThrow();
});

test('what cannot be found by looking through so many is refused, and never half answered', async () => {
  const spans = Array.from({ length: 560 }, (_, index) => ({
    traceId: newTraceId(),
    name: 'tick',
    startMs: nowMs - 250_000 + index * 100,
  }));
  await using reader = await opened(spans);
  const filter = { conditions: [], text: 'nowhere' };
  const refused = await search<Problem>(reader.url, 'traces', { filter });
  expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('read 500 traces') } });
  // One condition that TraceQL has words for, and there is less to read.
  const narrowed = { ...filter, conditions: [{ field: 'name', op: 'eq', value: 'tock' }] };
  expect(await search(reader.url, 'traces', { filter: narrowed })).toMatchObject({
    status: 200,
    body: { traces: [], hasMore: false },
  });
});

/** More traces than one search reads, unmarked, within the time of `chargeFault`. */
const manyTraces = (count = 560): TestSpan[] =>
  Array.from({ length: count }, (_, index) => ({
    traceId: newTraceId(),
    name: 'tick',
    startMs: nowMs - 54_000 + index,
  }));
const idsOf = ({ traces }: TraceSearchResult) => traces.map(({ traceId }) => traceId);

test('a partial search is not refused: it says that it has not looked at everything', async () => {
  await using reader = await opened(manyTraces());
  const filter = { conditions: [], text: 'nowhere' };
  expect((await search(reader.url, 'traces', { filter, limit: 1 })).status).toBe(422);
  const partial = await search(reader.url, 'traces', { filter, limit: 1, partial: true });
  expect(partial).toMatchObject({ status: 200, body: { traces: [], hasMore: true } });
  // Sorted by duration there is nothing shorter than the thousand newest to go on with.
  msw.resetHandlers();
  await using larger = await opened(manyTraces(1_001));
  const longest = { filter, sort: 'duration', limit: 1 };
  expect((await search(larger.url, 'traces', longest)).status).toBe(422);
  const some = await search(larger.url, 'traces', { ...longest, partial: true });
  expect(some).toMatchObject({ status: 200, body: { traces: [], hasMore: true } });
});

test('a partial search for a fault finds the mark that a process has sent, however many traces are newer', async () => {
  const sent: TestSpan = {
    traceId: newTraceId(),
    startMs: nowMs - 54_500,
    attributes: { 'chaos.fault.id': chargeFault.id, 'chaos.fault.kind': chargeFault.kind },
  };
  await using reader = await opened([...manyTraces(), sent]);
  await api(reader.url, '/api/faults', [chargeFault], 'PUT');
  for (const condition of [
    { field: 'chaos.fault.id', op: 'eq', value: chargeFault.id },
    { field: 'chaos.fault.id', op: 'exists', value: null },
    { field: 'chaos.fault.kind', op: 'eq', value: chargeFault.kind },
  ]) {
    const query = { filter: { conditions: [condition], text: null }, limit: 10 };
    expect((await search(reader.url, 'traces', query)).status).toBe(422);
    const { status, body } = await search<TraceSearchResult>(reader.url, 'traces', { ...query, partial: true });
    expect({ status, ids: idsOf(body), hasMore: body.hasMore }).toEqual({
      status: 200,
      ids: [sent.traceId],
      hasMore: true,
    });
  }
});

test('a partial search has marks that were sent and those put on as spans are read once each, newest first', async () => {
  const fixture = fixtureAt(nowMs, 'faults');
  const [older, newer] = [-200_000, -1_000].map((ms) => ({
    traceId: newTraceId(),
    startMs: nowMs + ms,
    attributes: { 'chaos.fault.id': 'by-hand', 'chaos.fault.kind': 'failpoint x' },
  }));
  if (older === undefined || newer === undefined) throw new Error('unreachable');
  await using reader = await opened([...fixture.spans, older, newer]);
  await api(reader.url, '/api/faults', [chargeFault], 'PUT');
  const filter = { conditions: [{ field: 'chaos.fault.id', op: 'exists', value: null }], text: null };
  const found = async (more: object) => {
    const { body } = await search<TraceSearchResult>(reader.url, 'traces', { filter, ...more });
    return { ids: idsOf(body), hasMore: body.hasMore };
  };
  const all = [newer.traceId, fixture.ids.charge, older.traceId];
  expect(await found({ partial: true })).toEqual({ ids: all, hasMore: false });
  expect(await found({ partial: true, limit: 2 })).toEqual({ ids: all.slice(0, 2), hasMore: true });
  expect(await found({})).toEqual({ ids: all, hasMore: false });
});

test('a partial search reads no more after three seconds', async () => {
  const marked = { traceId: newTraceId(), startMs: nowMs - 54_500, attributes: { 'chaos.fault.id': 'by-hand' } };
  await using reader = await opened([...manyTraces(100), marked]);
  await api(reader.url, '/api/faults', [chargeFault], 'PUT');
  const asked = { takesMs: 0, lateMs: 0, searches: 0, traces: 0 };
  // Only Tempo takes time, however busy the machine is.
  vi.spyOn(performance, 'now').mockImplementation(() => asked.lateMs);
  msw.use(
    http.get(`${urls.tempo}/api/search`, () => {
      asked.lateMs += asked.takesMs;
      asked.searches++;
    }),
    http.get(`${urls.tempo}/api/v2/traces/:id`, () => void asked.traces++),
  );
  const searched = async (takesMs: number, query: object) => {
    Object.assign(asked, { takesMs, lateMs: 0, searches: 0, traces: 0 });
    return (await search<TraceSearchResult>(reader.url, 'traces', query)).body;
  };
  const text = { filter: { conditions: [], text: 'nowhere' }, limit: 1, partial: true };
  const slow = await searched(3_000, text);
  expect({ traces: slow.traces, hasMore: slow.hasMore }).toEqual({ traces: [], hasMore: true });
  expect(asked.traces).toBe(20);
  const exists = { conditions: [{ field: 'chaos.fault.id', op: 'exists', value: null }], text: null };
  const first = await searched(3_000, { ...text, filter: exists });
  expect({ ids: idsOf(first), hasMore: first.hasMore }).toEqual({ ids: [marked.traceId], hasMore: true });
  expect(asked.searches).toBe(1);
  // Control: nothing else makes it stop.
  expect((await searched(0, text)).hasMore).toBe(false);
  expect((await searched(3_000, { ...text, partial: false })).hasMore).toBe(false);
});

test('log lines are found over many pages of Loki, none twice and none left out', async () => {
  const logs: TestLog[] = Array.from({ length: 1200 }, (_, index) => ({
    body: `line ${index}`,
    timeMs: nowMs - 100_000 + Math.floor(index / 37),
    attributes: { note: index % 4 === 0 ? 'Needle' : 'hay' },
  }));
  await using reader = await opened([], logs);
  type Page = { logs: { id: string; body: string }[]; hasMore: boolean };
  // Free text is looked for here, so that a page of 250 takes a thousand lines of Loki, cut within an instant.
  const filter = { conditions: [], text: 'needle' };
  for (const order of ['newest', 'oldest']) {
    const first = await search<Page>(reader.url, 'logs', { filter, order, limit: 250 });
    const before = first.body.logs.at(-1)?.id;
    const second = await search<Page>(reader.url, 'logs', { filter, order, limit: 250, before });
    expect([first.body.hasMore, second.body.hasMore]).toEqual([true, false]);
    const bodies = [...first.body.logs, ...second.body.logs].map(({ body }) => body);
    expect(bodies).toHaveLength(300);
    expect(new Set(bodies).size).toBe(300);
  }
});

test('traces of a fault are found among many others by its time, and marks of the processes by Tempo', async () => {
  const fixture = fixtureAt(nowMs, 'faults');
  const others = Array.from({ length: 600 }, (_, index) => ({
    traceId: newTraceId(),
    startMs: nowMs - 250_000 + index * 200,
  }));
  const armed = { name: 'armed by hand', startMs: nowMs - 200_000, attributes: { 'chaos.fault.id': 'by-hand' } };
  await using reader = await opened([...fixture.spans, ...others, armed]);
  await api(reader.url, '/api/faults', [chargeFault], 'PUT');
  const found = async (id: string) => {
    const filter = { conditions: [{ field: 'chaos.fault.id', op: 'eq', value: id }], text: null };
    return (await search<TraceSearchResult>(reader.url, 'traces', { filter })).body.traces.map(
      ({ traceId }) => traceId,
    );
  };
  expect(await found('fault-1')).toEqual([fixture.ids.charge]);
  expect(await found('by-hand')).toHaveLength(1);
});

test('spans that a fault touched are marked when they are read, also when the fault is long gone', async () => {
  const fixture = fixtureAt(nowMs, 'faults');
  await using reader = await opened(fixture.spans);
  const trace = async () => (await api<Trace>(reader.url, `/api/traces/${fixture.ids.charge}`)).body;
  expect((await trace()).summary).toMatchObject({ injectedCount: 0, faults: [] });
  expect((await api(reader.url, '/api/faults', [chargeFault], 'PUT')).status).toBe(204);
  expect((await trace()).summary).toMatchObject({ injectedCount: 1, faults: [{ id: 'fault-1', kind: 'grpc-errors' }] });
  expect((await trace()).spans.map(({ attributes }) => attributes['chaos.fault.id'])).toEqual(['fault-1', undefined]);
  const conditions = [{ field: 'chaos.fault.id', op: 'eq', value: 'fault-1' }];
  const found = await search<TraceSearchResult>(reader.url, 'traces', { filter: { conditions, text: null } });
  expect(found.body.traces.map(({ traceId }) => traceId)).toEqual([fixture.ids.charge]);
  const { body: red } = await api<RedResult>(reader.url, '/api/red', { windowSeconds: 60, buckets: 4 });
  const edge = red.edges.find(({ protocol }) => protocol === 'grpc');
  expect(edge?.injectedRatio).toBe(edge?.errorRatio);
  expect(edge?.injectedRatio).toBeGreaterThan(0.4);
  // The supervisor tells of what ended lately only.
  await api(reader.url, '/api/faults', [], 'PUT');
  expect((await trace()).summary.injectedCount).toBe(1);
});

test('what this process does not have is refused with where it is', async () => {
  await using reader = await opened();
  const otlp = await fetch(`${reader.url}/v1/traces`, { method: 'POST', body: '{}' });
  expect(await otlp.json()).toMatchObject({ code: 'not_found', detail: expect.stringContaining('Collector') });
  expect((await api<Problem>(reader.url, '/api/stats')).body.detail).toContain('Prometheus');
});
