import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { KnownEvent } from '#contracts/events/registry.ts';
import { topics } from '#contracts/events/topics.ts';
import { Rebuild } from '#contracts/http/history.ts';
import { systemClock } from '#kit/clock.ts';
import { createKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { historyHandlers } from '../consumers.ts';
import { recordEvents } from '../record-events.ts';
import { decline, orderIdOf, sale } from '../stories.builder.ts';
import { createUpdates, type PositionedUpdate } from '../updates.ts';
import { createRebuilder } from './rebuild.ts';

let postgres: TestPostgres;
let broker: TestBroker;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
// A rebuild reads all that a broker holds.
beforeEach(async () => {
  broker = await startBroker();
}, 60_000);
afterEach(() => broker.stop());

const everything = Object.values(topics);
const topicOf = (producer: string) => everything.find((topic) => topic === `${producer}.events`) ?? topics.workers;

/** History without its HTTP side, and a producer of events in its topics. */
async function start() {
  const databaseUrl = await postgres.createDatabase();
  const env = { DATABASE_URL: databaseUrl, KAFKA_BROKERS: broker.address };
  const log: string[] = [];
  const { service, stop } = testService(env, { name: 'history', logLines: (line) => log.push(line) });
  const db = await openDatabase(service, { migrations: new URL('../migrations/', import.meta.url) });
  const kafka = createKafka({ brokers: [broker.address], clientId: 'history-test', log: service.log });
  const updates = createUpdates();
  const told: PositionedUpdate[] = [];
  updates.subscribe((update) => told.push(update));
  startConsumer(service, { db, kafka, topics: everything, handlers: historyHandlers({ clock: systemClock, updates }) });
  const producer = kafka.producer();
  await kafka.ensureTopics(everything);
  await producer.connect();
  onTestFinished(async () => {
    await producer.disconnect();
    await stop();
  });
  const rebuilder = createRebuilder({
    ...{
      db,
      databaseUrl,
      kafka,
      topics: everything,
      consumer: 'history',
      clock: systemClock,
      log: service.log,
      signal: service.signal,
    },
  });
  const publish = async (events: readonly KnownEvent[]) => {
    for (const event of events) {
      const topic = topicOf(event.metadata.producer);
      const message = { key: event.data.orderId, value: JSON.stringify(event), headers: { event: event.event } };
      await producer.send({ topic, messages: [message] });
    }
  };
  const rows = async (text: string) => (await db.query<Record<string, unknown>>(text)).rows;
  const settled = (events: number) =>
    until('history has taken them in', async () =>
      (await rows('select 1 from timeline')).length >= events ? true : null,
    );
  const rebuilt = () =>
    until('the rebuild is over', () => {
      const state = rebuilder.current();
      return state?.endedAt == null ? null : Rebuild.parse(state);
    });
  return { db, kafka, log, updates, told, rebuilder, publish, rows, settled, rebuilt, producer };
}

const timeline = 'select message_id, position, received_at from timeline order by position';
const views = 'select id, view from order_view order by id';

test('what has drifted is put right, and the stream keeps its positions', async () => {
  const history = await start();
  const { db, rows, rebuilder } = history;
  const events = [...sale({ n: 1 }), ...decline({ n: 2 }), ...sale({ n: 3 })];
  await history.publish(events);
  await history.producer.send({ topic: topics.orders, messages: [{ key: 'x', value: 'no event at all' }] });
  await history.settled(events.length);
  const before = { timeline: await rows(timeline), views: await rows(views) };

  await db.query(`update order_view set view = jsonb_set(view, '{status}', '"reserved"') where id = $1`, [
    orderIdOf(1),
  ]);
  await db.query('delete from order_view where id = $1', [orderIdOf(2)]);
  // An order of which the topics know nothing (any more).
  const old = sale({ n: 9 });
  const received = { topic: topics.orders, partition: 0, offset: '0' };
  await db.transaction((tx) =>
    recordEvents(
      { clock: systemClock, updates: history.updates },
      tx,
      old.map((event) => ({ event, received })),
    ),
  );

  rebuilder.start();
  expect(() => rebuilder.start()).toThrow('a rebuild goes on');
  const rebuild = await history.rebuilt();
  expect(rebuild).toMatchObject({
    ...{ phase: 'done', problem: null, read: events.length + 1, of: events.length + 1 },
    ...{ unreadable: 1, kept: old.length, restored: 0, changedViews: 2 },
  });
  const drifted = history.log.filter((line) => line.includes('not what its events say'));
  expect(drifted).toHaveLength(2);
  expect(drifted.find((line) => line.includes(orderIdOf(1)))).toContain(
    '"before":{"status":"reserved"},"after":{"status":"confirmed"}',
  );
  const after = { timeline: await rows(timeline), views: await rows(views) };
  expect(after.timeline.slice(0, events.length)).toEqual(before.timeline);
  expect(after.timeline).toHaveLength(events.length + old.length);
  expect(after.views.filter(({ id }) => id !== orderIdOf(9))).toEqual(before.views);
  expect(after.views).toHaveLength(4);

  const last = Number(after.timeline.at(-1)?.position);
  const known = history.told.length;
  await history.publish(sale({ n: 4 }));
  await history.settled(events.length + old.length + sale({ n: 4 }).length);
  await until('subscribers hear of it', () => (history.told.length >= known + sale({ n: 4 }).length ? true : null));
  for (const { position } of history.told.slice(known)) expect(position).toBeGreaterThan(last);

  // A second rebuild finds the tables of the first like any others.
  rebuilder.start();
  expect(await history.rebuilt()).toMatchObject({ phase: 'done', changedViews: 0 });
});

test('an event that was published twice counts once, though both copies are taken in together', async () => {
  const { db, updates, told, rows } = await start();
  const events = sale({ n: 1 });
  const notified = events.filter(({ event }) => event === 'notification.sent');
  expect(notified).toHaveLength(1);
  const received = { topic: topics.workers, partition: 0, offset: '0' };
  const batch = [...events, ...notified].map((event) => ({ event, received }));
  await db.transaction((tx) => recordEvents({ clock: systemClock, updates }, tx, batch));
  expect(await rows(`select view -> 'notifications' as n from order_view`)).toEqual([{ n: 1 }]);
  expect(told).toHaveLength(events.length);
});

test('events that the tables have lost come back from the topics, as news', async () => {
  const history = await start();
  const events = [...sale({ n: 1 }), ...sale({ n: 2 })];
  await history.publish(events);
  await history.settled(events.length);
  const before = { timeline: await history.rows(timeline), views: await history.rows(views) };
  await history.db.query('delete from timeline where order_id = $1', [orderIdOf(1)]);
  await history.db.query('delete from order_view where id = $1', [orderIdOf(1)]);

  history.rebuilder.start();
  expect(await history.rebuilt()).toMatchObject({ phase: 'done', restored: sale().length, changedViews: 1 });
  expect(await history.rows(views)).toEqual(before.views);
  const after = await history.rows(timeline);
  const idsOf = (rows: Record<string, unknown>[]) => rows.map((row) => row.message_id).toSorted();
  expect(idsOf(after)).toEqual(idsOf(before.timeline));
  const last = Math.max(...before.timeline.map(({ position }) => Number(position)));
  expect(after.filter(({ position }) => Number(position) > last)).toHaveLength(sale().length);
});

test('orders go on meanwhile: each event is told once, and no reader finds less than before', async () => {
  const history = await start();
  const first = Array.from({ length: 20 }, (_, index) => sale({ n: 100 + index }));
  for (const story of first) await history.publish(story);
  await until('history knows them', async () => ((await orders(history)) >= 20 ? true : null));

  history.rebuilder.start();
  const counts: number[] = [];
  for (let n = 200; history.rebuilder.current()?.endedAt == null || n < 210; n += 1) {
    await history.publish(sale({ n }));
    counts.push(await orders(history));
  }
  expect(await history.rebuilt()).toMatchObject({ phase: 'done' });
  expect(counts).toEqual([...counts].sort((a, b) => a - b));

  const published = 20 + counts.length;
  await until('all of them are confirmed', async () => ((await confirmed(history)) >= published ? true : null));
  // What follows a confirmed order may still be on its way.
  const stored = await until('all that is stored has been told', async () => {
    const rows = await history.rows('select message_id from timeline');
    return rows.length === history.told.length ? rows : null;
  });
  const ids = history.told.map(({ entry }) => entry.messageId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(stored.map((row) => row.message_id))).toEqual(new Set(ids));
});

test('a database that refuses leaves everything as it was, and says so', async () => {
  const history = await start();
  await history.publish(sale({ n: 1 }));
  await until('it is known', async () => ((await orders(history)) > 0 ? true : null));
  await history.db.query('create schema retired');
  const before = await history.rows(views);
  history.rebuilder.start();
  const rebuild = await history.rebuilt();
  expect(rebuild).toMatchObject({ phase: 'failed' });
  expect(rebuild.problem).not.toBeNull();
  expect(await history.rows(views)).toEqual(before);
  expect(await history.rows(`select 1 from pg_namespace where nspname = 'rebuild'`)).toEqual([]);
});

async function orders({ rows }: Awaited<ReturnType<typeof start>>): Promise<number> {
  return (await rows('select 1 from order_view')).length;
}

async function confirmed({ rows }: Awaited<ReturnType<typeof start>>): Promise<number> {
  return (await rows(`select 1 from order_view where status = 'confirmed' and id > '${orderIdOf(99)}'`)).length;
}

test('the tables are in use for a while: the swap lets others through and succeeds when they are free', async () => {
  const history = await start();
  await history.publish(sale({ n: 1 }));
  await until('it is known', async () => ((await orders(history)) > 0 ? true : null));
  const held = Promise.withResolvers<void>();
  const holding = history.db.transaction(async (tx) => {
    await tx.query('select 1 from order_view');
    await held.promise;
  });
  history.rebuilder.start();
  await until('the swap gives way', () => (history.log.some((line) => line.includes('trying again')) ? true : null));
  expect(await orders(history)).toBe(1);
  held.resolve();
  await holding;
  expect(await history.rebuilt()).toMatchObject({ phase: 'done' });
});
