import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import { topics } from '#contracts/events/topics.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { startRelay } from '../outbox/relay.ts';
import type { Database } from '../postgres/database.ts';
import { enqueueTestEvent, recordTopic, testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';
import { createKafka } from './client.ts';
import { startConsumer } from './consumer.ts';
import type { Handlers } from './handlers.ts';

let postgres: TestPostgres;
let broker: TestBroker;
let db: Database;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
}, 60_000);

afterAll(async () => {
  await Promise.all([broker?.stop(), postgres?.stop()]);
});

beforeEach(async () => {
  db = await testDatabase(await postgres.createDatabase());
  await db.query(
    'create table effect (event_id uuid, order_id uuid, version int, seq bigint generated always as identity)',
  );
});

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await db.close();
});

/** A relay and a consumer of `orders.events` in a group of its own. */
function startPipeline(handlers: Handlers, options: { relay?: boolean } = {}) {
  const name = `c${newId().slice(-12)}`;
  const lines: string[] = [];
  const { service, stop } = testService(
    { KAFKA_BROKERS: broker.address },
    { name, logLines: (line) => lines.push(line) },
  );
  const kafka = createKafka({ brokers: [broker.address], clientId: name, log: service.log });
  if (options.relay !== false) startRelay(service, { db, kafka, topics: [topics.orders, `${name}.dlq`] });
  startConsumer(service, { db, kafka, topics: [topics.orders], handlers });
  stops.push(stop);
  return { service, name, lines, stop };
}

const recordEffect: Handlers['order.compensating'] = async (tx, event: EventOf<'order.compensating'>) => {
  await tx.query('insert into effect (event_id, order_id, version) values ($1, $2, $3)', [
    event.metadata.id,
    event.data.orderId,
    event.metadata.aggregateVersion,
  ]);
};

async function effectsOf(orderId: string): Promise<number[]> {
  const { rows } = await db.query<{ version: number }>('select version from effect where order_id = $1 order by seq', [
    orderId,
  ]);
  return rows.map((row) => row.version);
}

const effectsReach = (orderId: string, count: number) =>
  until(`${count} effects of ${orderId}`, async () => ((await effectsOf(orderId)).length >= count ? true : null));

test('an event that was committed is handled once, with its trace context', async () => {
  startPipeline({ 'order.compensating': recordEffect });
  const orderId = newId();
  await enqueueTestEvent(db, orderId, 1);
  await effectsReach(orderId, 1);
  expect(await effectsOf(orderId)).toEqual([1]);
  const { rows } = await db.query('select published_at is not null as published from outbox');
  expect(rows).toEqual([{ published: true }]);
});

test('events of one order arrive in the order of their commits while many orders run at once', async () => {
  startPipeline({ 'order.compensating': recordEffect });
  const orders = Array.from({ length: 20 }, () => newId());
  await Promise.all(
    orders.map(async (orderId) => {
      for (let version = 1; version <= 10; version++) await enqueueTestEvent(db, orderId, version);
    }),
  );
  for (const orderId of orders) {
    await effectsReach(orderId, 10);
    expect(await effectsOf(orderId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
});

test('a row that commits after later rows were published is not skipped', async () => {
  startPipeline({ 'order.compensating': recordEffect });
  const [late, early] = [newId(), newId()];
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { enqueue } = await import('../outbox/enqueue.ts');
  const slow = db.transaction(async (tx) => {
    await enqueue(tx, {
      event: 'order.compensating',
      data: { orderId: late, reason: 'payment_failed' },
      producer: 'test',
      orderId: late,
      aggregateType: 'order',
      aggregateVersion: 1,
      cause: null,
      sagaId: newId(),
    });
    await held;
  });
  await enqueueTestEvent(db, early, 1);
  await effectsReach(early, 1);
  expect(await effectsOf(late)).toEqual([]);
  release();
  await slow;
  await effectsReach(late, 1);
});

test('a crash between acknowledgement and mark publishes twice, and the inbox absorbs it', async () => {
  startPipeline({ 'order.compensating': recordEffect });
  const orderId = newId();
  const eventId = await enqueueTestEvent(db, orderId, 1);
  await effectsReach(orderId, 1);
  const observer = await recordTopic([broker.address], topics.orders);
  stops.push(observer.stop);
  // What the relay would find after such a crash: an acknowledged row without its mark.
  await db.query('update outbox set published_at = null where id = $1', [eventId]);
  await until('second copy on the topic', () =>
    observer.records.filter((record) => record.headers['message-id'] === eventId).length === 2 ? true : null,
  );
  const next = newId();
  await enqueueTestEvent(db, orderId, 2);
  await enqueueTestEvent(db, next, 1);
  await effectsReach(orderId, 2);
  expect(await effectsOf(orderId)).toEqual([1, 2]);
});

test('a message that can never be handled parks its key, goes to the dead-letter topic, and holds up nobody else', async () => {
  const [bad, good] = [newId(), newId()];
  const { name } = startPipeline({
    'order.compensating': async (tx, event, context) => {
      if (event.data.orderId === bad && event.metadata.aggregateVersion === 1) {
        throw new AppError('not_found', 'no such order');
      }
      await recordEffect(tx, event, context);
    },
  });
  const observer = await recordTopic([broker.address], `${name}.dlq`);
  stops.push(observer.stop);
  await enqueueTestEvent(db, bad, 1);
  await enqueueTestEvent(db, bad, 2);
  await enqueueTestEvent(db, good, 1);
  await effectsReach(good, 1);
  await until('both dead letters', () => (observer.records.length === 2 ? true : null));
  expect(await effectsOf(bad)).toEqual([]);
  expect(observer.records.map((record) => record.headers['dead-letter-reason'])).toEqual(['failed', 'key_parked']);
  expect(observer.records[0]).toMatchObject({
    key: bad,
    headers: { 'dead-letter-topic': topics.orders, 'dead-letter-error': 'no such order', 'dead-letter-consumer': name },
  });
  expect(JSON.parse(observer.records[0]?.value ?? '')).toMatchObject({
    event: 'order.compensating',
    data: { orderId: bad },
  });
});

test('bytes that are no event are dead-lettered as they were', async () => {
  const { name, service } = startPipeline({ 'order.compensating': recordEffect });
  const observer = await recordTopic([broker.address], `${name}.dlq`);
  stops.push(observer.stop);
  const producer = createKafka({ brokers: [broker.address], clientId: 'x', log: service.log }).producer();
  await producer.connect();
  await producer.send({
    topic: topics.orders,
    messages: [{ key: 'k', value: Buffer.from([0xff, 0x00, 0x7b]), headers: { a: 'b' } }],
  });
  await producer.disconnect();
  await until('dead letter', () => (observer.records.length >= 1 ? true : null));
  expect(observer.records[0]).toMatchObject({ key: 'k', headers: { a: 'b', 'dead-letter-reason': 'invalid' } });
  const { rows } = await db.query<{ raw: Buffer }>("select raw from outbox where type = 'dead-letter' limit 1");
  expect([...(rows[0]?.raw ?? [])]).toEqual([0xff, 0x00, 0x7b]);
});

test('while a dependency is down a message waits, others of its partition stay behind it, and nothing is lost', async () => {
  let down = true;
  startPipeline({
    'order.compensating': async (tx, event, context) => {
      if (down) throw new AppError('unavailable', 'provider is down');
      await recordEffect(tx, event, context);
    },
  });
  const orderId = newId();
  for (let version = 1; version <= 5; version++) await enqueueTestEvent(db, orderId, version);
  await until('all are published', async () => {
    const { rowCount } = await db.query('select 1 from outbox where published_at is null');
    return rowCount === 0 ? true : null;
  });
  expect(await effectsOf(orderId)).toEqual([]);
  down = false;
  await effectsReach(orderId, 5);
  expect(await effectsOf(orderId)).toEqual([1, 2, 3, 4, 5]);
});

test('a slow message holds up its own partition only', async () => {
  const [slow] = [newId()];
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  startPipeline({
    'order.compensating': async (tx, event, context) => {
      if (event.data.orderId === slow) await held;
      await recordEffect(tx, event, context);
    },
  });
  await enqueueTestEvent(db, slow, 1);
  const others = Array.from({ length: 30 }, () => newId());
  for (const orderId of others) await enqueueTestEvent(db, orderId, 1);
  await until('most others are handled', async () => {
    const { rowCount } = await db.query('select 1 from effect where order_id <> $1', [slow]);
    return rowCount >= 15 ? true : null;
  });
  expect(await effectsOf(slow)).toEqual([]);
  release();
  await effectsReach(slow, 1);
});

test('after Postgres was killed mid-way every event is handled exactly once', async () => {
  startPipeline({ 'order.compensating': recordEffect });
  const orders = Array.from({ length: 10 }, () => newId());
  for (const orderId of orders)
    for (let version = 1; version <= 10; version++) await enqueueTestEvent(db, orderId, version);
  await postgres.kill();
  await postgres.start();
  for (const orderId of orders) {
    await effectsReach(orderId, 10);
    expect(await effectsOf(orderId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
}, 60_000);

test('after the broker was killed mid-way every event is handled exactly once', async () => {
  const { service } = startPipeline({ 'order.compensating': recordEffect });
  await until('joined', async () => ((await service.health.report()).ready ? true : null));
  const orders = Array.from({ length: 10 }, () => newId());
  for (const orderId of orders)
    for (let version = 1; version <= 5; version++) await enqueueTestEvent(db, orderId, version);
  await broker.kill();
  for (const orderId of orders)
    for (let version = 6; version <= 10; version++) await enqueueTestEvent(db, orderId, version);
  await until('not ready', async () => ((await service.health.report()).ready ? null : true));
  await broker.start();
  for (const orderId of orders) {
    await effectsReach(orderId, 10);
    expect(await effectsOf(orderId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
  await until('ready again', async () => ((await service.health.report()).ready ? true : null));
}, 60_000);
