import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { deadLetterTopic, retryTierTopic, retryTopic, topics } from '#contracts/events/topics.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import { startRelay } from '../outbox/relay.ts';
import { enqueueTestEvent, recordTopic, testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import { createKafka } from './client.ts';
import { startConsumer } from './consumer.ts';
import { inlineAttempts } from './retry-policy.ts';

const tracing = recordTracing();
let postgres: TestPostgres;
let broker: TestBroker;
beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([broker?.stop(), postgres?.stop()]);
});

const quick = [
  { name: 'short', delayMs: 300 },
  { name: 'longer', delayMs: 600 },
];
/** Nothing comes back by itself while a test runs. */
const slow = [{ name: 'slow', delayMs: 600_000 }];

type Try = { version: number; attempt: number; atMs: number; topic: string };

/** A pipeline whose handler fails, as a bug does, on those versions of `orderId` for which `fails` says so. */
async function start(tiers: typeof quick, fails: (version: number, attempt: number) => boolean) {
  const db = await testDatabase(await postgres.createDatabase());
  onTestFinished(() => db.close());
  await db.query('create table effect (key text, version int, topic text, seq bigint generated always as identity)');
  const name = `c${newId().slice(-12)}`;
  const orderId = newId();
  const tries: Try[] = [];
  const { service, stop } = testService({ KAFKA_BROKERS: broker.address }, { name });
  const kafka = createKafka({ brokers: [broker.address], clientId: name, log: service.log });
  startRelay(service, { db, kafka, topics: [topics.orders] });
  startConsumer(service, {
    db,
    kafka,
    tiers,
    topics: [topics.orders],
    handlers: {
      'order.compensating': async (tx, { data, metadata }, { attempt, topic }) => {
        const version = metadata.aggregateVersion ?? 0;
        if (data.orderId === orderId) {
          tries.push({ version, attempt, atMs: Date.now(), topic });
          if (fails(version, attempt)) throw new TypeError(`version ${version} is not understood`);
        }
        await tx.query('insert into effect (key, version, topic) values ($1, $2, $3)', [data.orderId, version, topic]);
      },
    },
  });
  onTestFinished(stop);
  const read = async (topic: string) => {
    const observer = await recordTopic([broker.address], topic);
    onTestFinished(observer.stop);
    return observer.records;
  };
  const effectsOf = async (key: string) => {
    const { rows } = await db.query<{ version: number }>('select version from effect where key = $1 order by seq', [
      key,
    ]);
    return rows.map(({ version }) => version);
  };
  return {
    name,
    orderId,
    tries,
    read,
    effectsOf,
    db,
    parked: service.parked,
    patterns: service.patterns,
    deadLetters: async () => (await db.query(`select from outbox where type = 'dead-letter'`)).rowCount,
    publish: (version: number, key = orderId) => enqueueTestEvent(db, key, version),
    effects: (...versions: number[]) =>
      until(`effects ${versions}`, async () => {
        const found = await effectsOf(orderId);
        if (found.length < versions.length) return null;
        expect(found).toEqual(versions);
        return found;
      }),
  };
}

test('a message that fails for a while is tried again later, its key behind it, and leaves no dead letter', async () => {
  const { name, orderId, publish, effects, read, tries, db, parked, deadLetters } = await start(
    quick,
    (version, attempt) => version === 1 && attempt <= inlineAttempts + 1,
  );
  const [short, longer] = quick as [(typeof quick)[0], (typeof quick)[0]];
  const first = await publish(1);
  await publish(2);
  await publish(3);
  await effects(1, 2, 3);

  const before = tries.filter(({ version, attempt }) => version === 1 && attempt === inlineAttempts)[0]?.atMs ?? 0;
  const later = tries.filter(({ version, attempt }) => version === 1 && attempt > inlineAttempts);
  expect(later.map(({ attempt, topic }) => ({ attempt, topic }))).toEqual([
    { attempt: inlineAttempts + 1, topic: retryTierTopic(name, short) },
    { attempt: inlineAttempts + 2, topic: retryTierTopic(name, longer) },
  ]);
  expect((later[0]?.atMs ?? 0) - before).toBeGreaterThanOrEqual(short.delayMs);
  expect((later[1]?.atMs ?? 0) - (later[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(longer.delayMs);
  // What waited behind it had no effect before, and then went through the retry topic in its turn.
  const { rows } = await db.query('select version, topic from effect order by seq');
  expect(rows).toEqual([
    { version: 1, topic: retryTierTopic(name, longer) },
    { version: 2, topic: retryTopic(name) },
    { version: 3, topic: retryTopic(name) },
  ]);

  const sent = await read(retryTierTopic(name, longer));
  await until('the second tier is read', () => (sent.length > 0 ? true : null));
  expect(JSON.parse(sent[0]?.value ?? '').metadata.id).toBe(first);
  expect(sent).toMatchObject([
    {
      key: orderId,
      headers: {
        'retry-of': expect.stringMatching(/^orders\.events\/\d\/\d+$/),
        'retry-attempts': String(inlineAttempts + 1),
        'retry-error': 'version 1 is not understood',
        'retry-error-class': 'TypeError',
        'retry-due-at': expect.stringMatching(/Z$/),
      },
    },
  ]);
  const ofFirst = tracing.spans().filter(({ attributes }) => attributes[names.messagingMessageId] === first);
  expect(ofFirst.map(({ name }) => name)).toContain(`process ${retryTierTopic(name, longer)}`);
  expect(new Set(ofFirst.map((span) => span.spanContext().traceId)).size).toBe(1);
  await until('nothing is parked', async () => ((await parked.list()).length === 0 ? true : null));
  expect(await deadLetters()).toBe(0);
}, 60_000);

test('after the last tier it is a dead letter, with what waits behind it, until somebody replays it', async () => {
  let broken = true;
  const { name, orderId, publish, effects, read, tries, parked } = await start(
    quick,
    (version) => broken && version === 1,
  );
  const dead = await read(deadLetterTopic(name));
  await publish(1);
  await publish(2);
  await until('both dead letters', () => (dead.length === 2 ? true : null));
  expect(dead.map(({ headers }) => [headers['dead-letter-reason'], headers['dead-letter-attempts']])).toEqual([
    ['failed', String(inlineAttempts + quick.length)],
    ['key_parked', '1'],
  ]);
  expect(dead[0]?.headers).toMatchObject({
    'dead-letter-topic': topics.orders,
    'dead-letter-error': 'version 1 is not understood',
    'dead-letter-error-class': 'TypeError',
    'dead-letter-consumer': name,
  });
  // A later one is a dead letter at once: nobody tries the first by himself any more.
  await publish(3);
  await until('the third', () => (dead.length === 3 ? true : null));
  expect(await parked.list()).toMatchObject([{ key: orderId, messages: 3, dueAt: null, replayingSince: null }]);

  await parked.replay({ consumer: name, key: orderId });
  await until('it failed once more', async () => {
    const [key] = await parked.list();
    return key?.replayingSince === null && tries.length >= 2 * inlineAttempts + quick.length ? true : null;
  });
  broken = false;
  await parked.replay({ consumer: name, key: orderId });
  await effects(1, 2, 3);
  expect(dead.length).toBe(3);
}, 60_000);

test('while one message waits in a tier, others of its partition go on, and a replay need not wait', async () => {
  let broken = true;
  const { name, orderId, publish, effects, effectsOf, parked, tries } = await start(slow, () => broken);
  await publish(1);
  const [waiting] = await until('it waits', async () => {
    const keys = await parked.list();
    return keys[0]?.dueAt ? keys : null;
  });
  expect(waiting).toMatchObject({ key: orderId, messages: 1, attempts: inlineAttempts, replayingSince: null });
  const others = Array.from({ length: 12 }, () => newId());
  for (const key of others) await publish(1, key);
  for (const key of others)
    await until('another order', async () => ((await effectsOf(key)).length === 1 ? true : null));
  expect(tries).toHaveLength(inlineAttempts);

  broken = false;
  await parked.replay({ consumer: name, key: orderId });
  await effects(1);
  expect(await parked.list()).toEqual([]);
}, 60_000);

test('a copy of a retry that was overtaken by the next one is not tried, and brings nothing nearer to the dead letters', async () => {
  const [first, second] = [slow[0] as (typeof slow)[0], { name: 'slower', delayMs: 600_000 }];
  const { name, publish, tries, db, parked, patterns, deadLetters } = await start([first, second], () => true);
  const attempts = async () => (await parked.list())[0]?.attempts;
  await publish(1);
  await until('it waits in the first tier', async () => ((await attempts()) === inlineAttempts ? true : null));
  const publishAgain = (topic: string) =>
    until(`what went to ${topic} goes out once more, by the topic of replays`, async () => {
      const { rowCount } = await db.query(
        'update outbox set published_at = null, topic = $1 where topic = $2 and published_at is not null',
        [retryTopic(name), topic],
      );
      return rowCount === 1 ? true : null;
    });
  await publishAgain(retryTierTopic(name, first));
  await until('it waits in the second', async () => ((await attempts()) === inlineAttempts + 1 ? true : null));
  // What a relay does that dies between acknowledgement and mark.
  await publishAgain(retryTopic(name));
  await until('the copy is absorbed', async () => {
    const inbox = (await patterns.list()).find(({ pattern }) => pattern === 'inbox');
    return inbox?.parts[0]?.facts.duplicatesAbsorbed === 1 ? true : null;
  });
  expect(tries).toHaveLength(inlineAttempts + 1);
  expect(await attempts()).toBe(inlineAttempts + 1);
  expect(await deadLetters()).toBe(0);
}, 60_000);
