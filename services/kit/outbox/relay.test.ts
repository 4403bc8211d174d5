import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { topics } from '#contracts/events/topics.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { createKafka } from '../kafka/client.ts';
import { createDatabase, type Database } from '../postgres/database.ts';
import { enqueueTestEvent, recordTopic, type SeenRecord, testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';
import { outboxHint } from './enqueue.ts';
import { startRelay } from './relay.ts';

let postgres: TestPostgres;
let broker: TestBroker;
let db: Database;
let url: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
}, 60_000);

afterAll(async () => {
  await Promise.all([broker?.stop(), postgres?.stop()]);
});

beforeEach(async () => {
  url = await postgres.createDatabase();
  db = await testDatabase(url);
});

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await db.close();
});

/** A relay with a database handle of its own, as another process would have. */
function startRelayProcess(name: string, options: { failuresOnly?: boolean; sweepEveryMs?: number } = {}) {
  const own = createDatabase({ url, applicationName: name });
  const { service, stop } = testService({}, { name });
  const kafka = createKafka({ brokers: [broker.address], clientId: name, log: service.log });
  const producers: unknown[] = [];
  const producer: typeof kafka.producer = (...given) => {
    const opened = kafka.producer(...given);
    producers.push(opened);
    return opened;
  };
  startRelay(service, { db: own, kafka: { ...kafka, producer }, topics: [topics.orders], ...options });
  stops.push(async () => {
    await stop();
    await own.close();
  });
  return { own, producers, health: service.health, patterns: service.patterns, failpoints: service.failpoints };
}

async function observe(): Promise<SeenRecord[]> {
  const observer = await recordTopic([broker.address], topics.orders);
  stops.push(observer.stop);
  return observer.records;
}

const copiesOf = (records: SeenRecord[], id: string) =>
  records.filter((record) => record.headers['message-id'] === id).length;

const allArrive = (records: SeenRecord[], ids: string[]) =>
  until('all rows on the topic', () => (ids.every((id) => copiesOf(records, id) > 0) ? true : null));

test('of two relays one leads, and each row is published once', async () => {
  startRelayProcess('relay-1');
  startRelayProcess('relay-2');
  const records = await observe();
  const ids: string[] = [];
  for (let i = 0; i < 40; i++) ids.push(await enqueueTestEvent(db, newId(), 1));
  await allArrive(records, ids);
  expect(ids.map((id) => copiesOf(records, id))).toEqual(ids.map(() => 1));
});

test('what was published long ago is not read again with every batch', async () => {
  startRelayProcess('relay-1');
  const records = await observe();
  const publishFew = async () => {
    for (let i = 0; i < 10; i++) {
      const id = await enqueueTestEvent(db, newId(), 1);
      await allArrive(records, [id]);
    }
  };
  await publishFew();
  await db.query(
    `insert into outbox (id, topic, key, aggregate_type, aggregate_id, type, published_at)
     select gen_random_uuid(), $1, 'old', 'order', 'old', 'order.created', now() from generate_series(1, 1000)`,
    [topics.orders],
  );
  await publishFew();
  // The figures of a session are whole when it has ended.
  await stops.pop()?.();
  await stops.pop()?.();
  const { rows } = await db.query<{ read: number }>(
    `select seq_tup_read as read from pg_stat_user_tables where relname = 'outbox'`,
  );
  expect(rows[0]?.read).toBeLessThan(1_000);
});

test('when the leader loses its connection, publishing goes on', async () => {
  startRelayProcess('relay-1');
  startRelayProcess('relay-2');
  const records = await observe();
  await allArrive(records, [await enqueueTestEvent(db, newId(), 1)]);
  const { rowCount } = await db.query(
    `select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
  );
  expect(rowCount).toBe(1);
  await allArrive(records, [await enqueueTestEvent(db, newId(), 1), await enqueueTestEvent(db, newId(), 1)]);
});

test('a row that can never be published holds back its own aggregate only', async () => {
  startRelayProcess('relay-1');
  const records = await observe();
  const [bad, good] = [newId(), newId()];
  await db.query(
    `insert into outbox (id, topic, key, aggregate_type, aggregate_id, type, payload)
     values ($1, $2, $3, 'order', $3, 'order.compensating', json_build_object('metadata', '{}'::json, 'data', repeat('x', 1000000)))`,
    [newId(), topics.orders, bad],
  );
  const behind = await enqueueTestEvent(db, bad, 2);
  await allArrive(records, [await enqueueTestEvent(db, good, 1), await enqueueTestEvent(db, newId(), 1)]);
  expect(copiesOf(records, behind)).toBe(0);
  const { rows } = await db.query('select last_error from outbox where parked_at is not null');
  expect(rows).toEqual([{ last_error: expect.stringContaining('limit') }]);
});

test('what was committed last before the stop is still published', async () => {
  startRelayProcess('relay-1');
  const records = await observe();
  await allArrive(records, [await enqueueTestEvent(db, newId(), 1)]);
  const last = await enqueueTestEvent(db, newId(), 1);
  await stops.shift()?.();
  const { rows } = await db.query('select published_at is not null as published from outbox where id = $1', [last]);
  expect(rows).toEqual([{ published: true }]);
});

test('switched off, a message goes out without a row that vouches for it; on again, it has one', async () => {
  const { own, patterns } = startRelayProcess('relay');
  const records = await observe();
  await patterns.set('outbox', false);
  const without = await enqueueTestEvent(own, newId(), 1);
  await allArrive(records, [without]);
  await patterns.set('outbox', true);
  const withRow = await enqueueTestEvent(own, newId(), 1);
  await allArrive(records, [withRow]);
  const { rows } = await db.query<{ id: string }>('select id from outbox');
  expect(rows.map(({ id }) => id)).toEqual([withRow]);
});

test('a crash between acknowledgement and mark publishes the row twice, and its order not more often', async () => {
  const { own, failpoints } = startRelayProcess('relay');
  const records = await observe();
  const orderId = newId();
  // An error there has the effect of a crash: what was acknowledged is not marked.
  failpoints.arm('outbox.after_ack', { action: 'error', orderId });
  const id = await enqueueTestEvent(own, orderId, 1);
  await until('it was published again', () => (copiesOf(records, id) > 1 ? true : null));
  await until('and is marked', async () => {
    const { rowCount } = await db.query('select 1 from outbox where published_at is null');
    return rowCount === 0 ? true : null;
  });
  expect(copiesOf(records, id)).toBe(2);
});

test('a relay of failures only holds no connection before there is one, and sends what was stored before it', async () => {
  const records = await observe();
  const { own, patterns } = startRelayProcess('quiet', { failuresOnly: true });
  await own.ping();
  const leaders = async () =>
    (
      await db.query(`select from pg_locks where locktype = 'advisory' and database =
        (select oid from pg_database where datname = current_database())`)
    ).rowCount;
  expect(await leaders()).toBe(0);
  expect(await patterns.list()).toEqual([]);
  const first = await enqueueTestEvent(own, newId(), 1);
  await allArrive(records, [first]);
  expect(await leaders()).toBe(1);

  for (const stop of stops.splice(1)) await stop();
  const stored = await enqueueTestEvent(db, newId(), 1);
  startRelayProcess('next', { failuresOnly: true });
  await allArrive(records, [stored]);
}, 60_000);

test('a relay of failures only, with nothing to send, is ready again when the database answers again', async () => {
  const { own, health } = startRelayProcess('quiet', { failuresOnly: true });
  const outbox = async () => (await health.report()).checks.outbox;
  expect(await outbox()).toMatchObject({ ok: true });
  await db.query('alter table outbox rename to away');
  await own.transaction(async (tx) => tx.wakeOnCommit(outboxHint));
  await until('the relay cannot look', async () => ((await outbox())?.ok === false ? true : null));
  await db.query('alter table away rename to outbox');
  await until('the relay is ready', async () => ((await outbox())?.ok === true ? true : null));
});

test('a relay of failures only sweeps without ever having sent something, and its stop asks nobody', async () => {
  await db.query(`insert into inbox values ('quiet', $1, now() - interval '8 days')`, [newId()]);
  await db.query(
    `insert into parked (consumer, key, position, reason, error, released_at)
     values ('quiet', 'a', 'orders.events/0/1', 'failed', 'x', now() - interval '8 days'),
            ('quiet', 'a', 'orders.events/0/2', 'failed', 'x', now() - interval '6 days'),
            ('quiet', 'b', 'orders.events/0/3', 'failed', 'x', null)`,
  );
  const { producers } = startRelayProcess('quiet', { failuresOnly: true, sweepEveryMs: 0 });
  const rows = async () =>
    (await db.query<{ n: number }>('select ((select count(*) from inbox) + (select count(*) from parked))::int as n'))
      .rows;
  await until('old rows are gone', async () => ((await rows())[0]?.n === 2 ? true : null));
  for (const stop of stops.splice(0)) await stop();
  expect(producers).toEqual([]);
});
