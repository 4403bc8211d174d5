import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { KnownEvent } from '#contracts/events/registry.ts';
import { type OrderUpdate, OrderView, SagaStats, TimelineEntry } from '#contracts/http/history.ts';
import type { Role } from '#contracts/http/route.ts';
import type { Authenticator } from '#kit/auth.ts';
import { systemClock } from '#kit/clock.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { foldOrder } from './fold-order.ts';
import { addRoutes } from './http.ts';
import { recordEvents } from './record-events.ts';
import { readSagaStats } from './saga-stats.ts';
import { decline, orderIdOf, sale, shortage } from './stories.builder.ts';
import { createUpdates, type Updates } from './updates.ts';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** A bearer token says here who it is: `shopper:<id>`. */
const auth: Authenticator = {
  async verify(authorization) {
    const [role, subject] = authorization?.replace('Bearer ', '').split(':') ?? [];
    if (role === undefined || subject === undefined) throw new AppError('unauthenticated', 'no token');
    return { subject, roles: [role as Role], scopes: [], clientId: 'test', token: '' };
  },
};
const operator = 'operator:olga';

type Running = { base: string; db: Database; updates: Updates; stop: () => Promise<void> };

async function start(): Promise<Running> {
  const { service, stop } = testService(
    { PORT: 0, DATABASE_URL: await postgres.createDatabase() },
    { name: 'history' },
  );
  const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
  const updates = createUpdates();
  const http = createHttpServer(service, { auth });
  const rebuilder = { current: () => null, start: () => expect.unreachable('no rebuild here') };
  addRoutes(http, { db, updates, rebuilder, lag: async () => null, stopping: service.signal });
  const port = await http.listen();
  onTestFinished(stop);
  return { base: `http://127.0.0.1:${port}`, db, updates, stop };
}

let offset = 0;
function receive({ db, updates }: Running, event: KnownEvent): Promise<void> {
  offset += 1;
  const received = { topic: `${event.metadata.producer}.events`, partition: 0, offset: String(offset) };
  return db.transaction((tx) => recordEvents({ clock: systemClock, updates }, tx, [{ event, received }]));
}

async function get(running: Running, path: string, token: string) {
  const answer = await fetch(`${running.base}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

type Sent = { id: string; event: string; update: OrderUpdate };

/** Reads a stream until the test ends; `sent` grows. */
async function listen(running: Running, options: { lastEventId?: string; orderId?: string; token?: string } = {}) {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const query = options.orderId === undefined ? '' : `?orderId=${options.orderId}`;
  const answer = await fetch(`${running.base}/stream${query}`, {
    headers: {
      authorization: `Bearer ${options.token ?? operator}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    },
    signal: leaving.signal,
  });
  const sent: Sent[] = [];
  const ended = (async () => {
    let text = '';
    for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const fields = Object.fromEntries(
          frame.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
        );
        if (fields.data === undefined) continue;
        sent.push({ id: fields.id ?? '', event: fields.event ?? '', update: JSON.parse(fields.data) });
      }
    }
  })().catch(() => {});
  return { status: answer.status, type: answer.headers.get('content-type'), sent, ended, leave: () => leaving.abort() };
}

const names = (sent: Sent[]) => sent.map(({ update }) => update.entry.event);

test('events of one order that arrive at once, in any order and twice, give the folded view', async () => {
  const running = await start();
  const events = [sale({ n: 1 }), decline({ n: 2 }), shortage({ n: 3 })].flat();
  const arriving = [...events, ...events].sort((a, b) =>
    (a.metadata.id.at(-1) ?? '').localeCompare(b.metadata.id.at(-1) ?? ''),
  );
  await Promise.all(arriving.reverse().map((event) => receive(running, event)));

  for (const [n, story] of [sale({ n: 1 }), decline({ n: 2 }), shortage({ n: 3 })].entries()) {
    const { body } = await get(running, `/orders/${orderIdOf(n + 1)}/timeline`, operator);
    expect(OrderView.parse(body.order)).toEqual(foldOrder(story));
    const timeline = TimelineEntry.array().parse(body.timeline);
    expect(timeline.map(({ messageId }) => messageId)).toEqual(story.map(({ metadata }) => metadata.id));
  }
});

test('the view beside a timeline is the fold of that timeline, however far the list has come', async () => {
  const running = await start();
  const events = sale({ n: 1 });
  for (const event of events) await receive(running, event);
  await running.db.query(`update order_view set view = jsonb_set(view::jsonb, '{status}', '"created"')`);
  const { body } = await get(running, `/orders/${orderIdOf(1)}/timeline`, operator);
  expect(body.order).toEqual(foldOrder(events));
});

test('lists orders newest first, page by page, and by status', async () => {
  const running = await start();
  for (const n of [1, 2, 3]) for (const event of sale({ n })) await receive(running, event);
  for (const event of shortage({ n: 4 })) await receive(running, event);
  const ids = (body: Record<string, unknown>) => (body.orders as OrderView[]).map(({ id }) => id);

  const first = await get(running, '/orders?limit=3', operator);
  expect(ids(first.body)).toEqual([4, 3, 2].map(orderIdOf));
  expect(first.body.hasMore).toBe(true);
  const second = await get(running, `/orders?limit=3&before=${orderIdOf(2)}`, operator);
  expect(ids(second.body)).toEqual([orderIdOf(1)]);
  expect(second.body.hasMore).toBe(false);
  expect(ids((await get(running, '/orders?status=cancelled', operator)).body)).toEqual([orderIdOf(4)]);
  expect((await get(running, '/orders?status=lost', operator)).status).toBe(400);
  expect((await get(running, '/stats', operator)).body).toEqual({ total: 4, byStatus: { cancelled: 1, confirmed: 3 } });
});

test('a shopper sees their own orders and nobody else’s', async () => {
  const running = await start();
  for (const n of [1, 2]) for (const event of sale({ n })) await receive(running, event);
  const mine = foldOrder(sale({ n: 1 })) as OrderView;
  const me = `shopper:${mine.customerId}`;

  expect((await get(running, '/orders', me)).body.orders).toEqual([mine]);
  expect((await get(running, `/orders/${mine.id}/timeline`, me)).status).toBe(200);
  expect((await get(running, `/orders/${orderIdOf(2)}/timeline`, me)).status).toBe(404);
  expect((await get(running, `/orders?customerId=${orderIdOf(9)}`, me)).status).toBe(403);
  expect((await get(running, '/stats', me)).status).toBe(403);
  expect((await get(running, '/stream', me)).status).toBe(403);
  expect((await get(running, '/orders', '')).status).toBe(401);
});

test('the stream tells each event after its commit, with the view that it led to', async () => {
  const running = await start();
  const stream = await listen(running);
  expect(stream.status).toBe(200);
  expect(stream.type).toContain('text/event-stream');
  const [created, ...rest] = sale({ n: 1 });
  // Nothing can be shown of an order that is not known; its early event is told together with its beginning.
  const early = rest.shift() as KnownEvent;
  await receive(running, early);
  await receive(running, created as KnownEvent);
  for (const event of rest) await receive(running, event);

  await until('all events are told', () => (stream.sent.length >= 8 ? true : null));
  expect(names(stream.sent)).toEqual(sale().map(({ event }) => event));
  expect(stream.sent.map(({ update }) => update.order.status).slice(1)).toEqual([
    'screened',
    'reserved',
    'paid',
    ...Array(4).fill('confirmed'),
  ]);
  expect(stream.sent.every(({ event }) => event === 'order')).toBe(true);
});

test('a stream of one order tells nothing of the others', async () => {
  const running = await start();
  const stream = await listen(running, { orderId: orderIdOf(2) });
  for (const n of [1, 2]) for (const event of shortage({ n })) await receive(running, event);
  await until('its events are told', () => (stream.sent.length >= 4 ? true : null));
  expect(new Set(stream.sent.map(({ update }) => update.order.id))).toEqual(new Set([orderIdOf(2)]));
});

test('a client that comes back is told what it missed, then what is new', async () => {
  const running = await start();
  const events = sale({ n: 1 });
  const before = await listen(running);
  for (const event of events.slice(0, 3)) await receive(running, event);
  await until('three events are told', () => (before.sent.length >= 3 ? true : null));
  before.leave();
  for (const event of events.slice(3, 6)) await receive(running, event);

  const after = await listen(running, { lastEventId: before.sent.at(-1)?.id });
  await until('missed events are told', () => (after.sent.length >= 3 ? true : null));
  for (const event of events.slice(6)) await receive(running, event);
  await until('new events are told', () => (after.sent.length >= 5 ? true : null));
  expect(names(after.sent)).toEqual(events.slice(3).map(({ event }) => event));
});

test('an event that was numbered early and committed late is not lost to a client that comes back', async () => {
  const running = await start();
  const stream = await listen(running);
  const slow = sale({ n: 1 })[0] as KnownEvent;
  const quick = sale({ n: 2 })[0] as KnownEvent;
  const committed = Promise.withResolvers<void>();
  const numbered = Promise.withResolvers<void>();
  const late = running.db.transaction(async (tx) => {
    const received = { topic: 'orders.events', partition: 0, offset: '1' };
    await recordEvents({ clock: systemClock, updates: running.updates }, tx, [{ event: slow, received }]);
    numbered.resolve();
    await committed.promise;
  });
  await numbered.promise;
  await receive(running, quick);
  await until('the quick one is told', () => (stream.sent.length >= 1 ? true : null));
  stream.leave();
  await stream.ended;
  committed.resolve();
  await late;

  const after = await listen(running, { lastEventId: stream.sent[0]?.id });
  await until('the late one is told', () => (after.sent.length >= 1 ? true : null));
  expect(after.sent[0]?.update.order.id).toBe(orderIdOf(1));
  expect(Number(after.sent[0]?.id)).toBeLessThan(Number(stream.sent[0]?.id));
});

test('a stream ends when a commit is in doubt, and whoever comes back is told what was stored', async () => {
  const running = await start();
  const [created, ...rest] = sale();
  const first = await listen(running);
  await receive(running, created as KnownEvent);
  await until('the first event is told', () => (first.sent.length === 1 ? true : null));
  // Stored, and the answer to its commit lost: nothing is told of it.
  const untold = { ...running, updates: createUpdates() };
  await receive(untold, rest[0] as KnownEvent);
  running.updates.interrupt();
  await first.ended;
  const second = await listen(running, { lastEventId: first.sent[0]?.id });
  await until('what was missed is told', () => (second.sent.length === 1 ? true : null));
  expect(second.sent[0]?.update.entry.messageId).toBe(rest[0]?.metadata.id);
});

test('open streams end when the process stops', async () => {
  const running = await start();
  const stream = await listen(running);
  await running.stop();
  await stream.ended;
});

test('sagas are counted by state and step, with the time that each step took', async () => {
  const running = await start();
  const begun = sale({ n: 4 }).slice(0, 3);
  for (const event of [...sale({ n: 1 }), ...decline({ n: 2 }), ...shortage({ n: 3 }), ...begun]) {
    await receive(running, event);
  }
  // Ids tell when an order began, and those of tests are fixed: counting looks back from there.
  const bornMs = Number.parseInt(orderIdOf(1).replace('-', '').slice(0, 12), 16);
  const stats = await readSagaStats(running.db, 60, bornMs + 30_000);
  const [choreography, orchestration] = SagaStats.parse(stats).styles;
  expect(orchestration).toMatchObject({ style: 'orchestration', sagas: 0, p50Ms: null });
  expect(choreography).toMatchObject({
    ...{ sagas: 4, running: 0, waiting: 1, compensating: 0, stuck: 0, confirmed: 1, cancelled: 2 },
    reasons: [
      { reason: 'out_of_stock', sagas: 1 },
      { reason: 'payment_failed', sagas: 1 },
    ],
  });
  const step = (name: string) => choreography?.steps.find((one) => one.step === name);
  expect(step('created')).toMatchObject({ reached: 4, failed: 0, p50Ms: null });
  expect(step('reserved')).toMatchObject({ reached: 3, failed: 1 });
  expect(step('paid')).toMatchObject({ reached: 1, failed: 1 });
  expect(step('confirmed')).toMatchObject({ reached: 1, failed: 0 });
  expect(step('released')).toMatchObject({ reached: 1 });
  const [paidAt, confirmedAt] = ['payment.succeeded', 'order.confirmed'].map((name) =>
    Date.parse(sale({ n: 1 }).find(({ event }) => event === name)?.metadata.occurredAt ?? ''),
  ) as [number, number];
  expect(step('confirmed')?.p50Ms).toBe(confirmedAt - paidAt);
});

test('open sagas are staff’s to see, by state and style', async () => {
  const running = await start();
  for (const event of [...sale({ n: 1 }), ...decline({ n: 2 }).slice(0, 5), ...sale({ n: 3 }).slice(0, 2)]) {
    await receive(running, event);
  }
  const idsOf = async (query: string) => {
    const { body } = await get(running, `/sagas${query}`, operator);
    return (body.sagas as { state: string; order: { id: string } }[]).map(({ state, order }) => [state, order.id]);
  };
  const [undone, waiting] = [
    ['compensating', orderIdOf(2)],
    ['waiting', orderIdOf(3)],
  ];
  expect((await idsOf('')).toSorted()).toEqual([undone, waiting].toSorted());
  expect(await idsOf('?state=compensating')).toEqual([undone]);
  expect(await idsOf('?state=stuck')).toEqual([]);
  expect(await idsOf('?style=orchestration')).toEqual([]);
  expect((await get(running, '/sagas', `shopper:${orderIdOf(9)}`)).status).toBe(403);
  expect((await get(running, '/sagas/stats', `shopper:${orderIdOf(9)}`)).status).toBe(403);
});
