import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { retryTopic, topics } from '#contracts/events/topics.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { createKafka } from '../kafka/client.ts';
import { startConsumer } from '../kafka/consumer.ts';
import { startRelay } from '../outbox/relay.ts';
import { enqueueTestEvent, recordTopic, testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';

let postgres: TestPostgres;
let broker: TestBroker;
beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([broker?.stop(), postgres?.stop()]);
});

/** A pipeline whose handler refuses the versions in `refused`. */
async function start(refused: Set<number>) {
  const db = await testDatabase(await postgres.createDatabase());
  onTestFinished(() => db.close());
  await db.query('create table effect (version int, seq bigint generated always as identity)');
  const name = `c${newId().slice(-12)}`;
  const orderId = newId();
  const { service, stop } = testService({ KAFKA_BROKERS: broker.address }, { name });
  const kafka = createKafka({ brokers: [broker.address], clientId: name, log: service.log });
  startRelay(service, { db, kafka, topics: [topics.orders] });
  startConsumer(service, {
    db,
    kafka,
    topics: [topics.orders],
    handlers: {
      'order.compensating': async (tx, { data, metadata }) => {
        // The topic has the orders of the other tests as well.
        if (data.orderId !== orderId) return;
        const version = metadata.aggregateVersion ?? 0;
        if (refused.has(version)) throw new AppError('unprocessable', `version ${version} is refused`);
        await tx.query('insert into effect (version) values ($1)', [version]);
      },
    },
  });
  onTestFinished(stop);
  const effects = async () => {
    const { rows } = await db.query<{ version: number }>('select version from effect order by seq');
    return rows.map(({ version }) => version);
  };
  const waiting = (messages: number) =>
    until(`${messages} messages wait`, async () => {
      const found = await service.parked.list();
      const count = found.reduce((sum, one) => sum + one.messages, 0);
      return count === messages && found.every(({ replayingSince }) => replayingSince === null) ? found : null;
    });
  return {
    name,
    orderId,
    effects,
    waiting,
    publish: (version: number) => enqueueTestEvent(db, orderId, version),
    replay: () => service.parked.replay({ consumer: name, key: orderId }),
  };
}

test('a parked key is replayed in order, with the same message ids, and then goes on as usual', async () => {
  const refused = new Set([2]);
  const { name, orderId, effects, waiting, publish, replay } = await start(refused);
  await publish(1);
  const second = await publish(2);
  const third = await publish(3);
  const [key] = await waiting(2);
  expect(key).toMatchObject({ key: orderId, event: 'order.compensating', reason: 'failed', messages: 2 });
  expect(await effects()).toEqual([1]);

  refused.clear();
  expect(await replay()).toMatchObject({ key: orderId, replayingSince: expect.any(String) });
  await waiting(0);
  await publish(4);
  await until('all four had their effect', async () => ((await effects()).length === 4 ? true : null));
  expect(await effects()).toEqual([1, 2, 3, 4]);

  const retries = await recordTopic([broker.address], retryTopic(name));
  onTestFinished(retries.stop);
  await until('both retries are read', () => (retries.records.length === 2 ? true : null));
  expect(retries.records.map(({ value }) => JSON.parse(value).metadata.id)).toEqual([second, third]);
}, 60_000);

test('what fails again keeps its place, with what waits behind it, and can be replayed anew', async () => {
  const refused = new Set([1]);
  const { effects, waiting, publish, replay } = await start(refused);
  await publish(1);
  await publish(2);
  await waiting(2);
  await replay();
  const [still] = await waiting(2);
  expect(still).toMatchObject({ error: 'version 1 is refused', position: expect.stringContaining(topics.orders) });
  expect(await effects()).toEqual([]);
  refused.clear();
  await replay();
  await waiting(0);
  expect(await effects()).toEqual([1, 2]);
}, 60_000);

test('a key that is not parked, and a consumer that is not there, are named', async () => {
  const { replay } = await start(new Set());
  await expect(replay()).rejects.toMatchObject({ code: 'not_found' });
}, 60_000);
