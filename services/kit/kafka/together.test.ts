/** Messages that share a transaction: on a real database, without a broker, so that what shares one is certain. */
import { trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { newId } from '../ids.ts';
import type { Database } from '../postgres/database.ts';
import { testDatabase } from '../testing/pipeline.ts';
import { testService } from '../testing/service.ts';
import { recordTracing } from '../testing/tracing.ts';
import type { Attempt } from './attempt.ts';
import { type Handlers, handlerTable } from './handlers.ts';
import type { Delivery } from './incoming.ts';
import { processAlone } from './process-alone.ts';
import { createTogether } from './together.ts';

type Compensating = EventOf<'order.compensating'>;

const tracing = recordTracing();
let postgres: TestPostgres;
let db: Database;
let commits: () => Promise<number>;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop());
beforeEach(async () => {
  db = await testDatabase(await postgres.createDatabase());
  await db.query('create table effect (key text, version int, seen int, xid xid8 default pg_current_xact_id())');
  await db.query('create table counter (name text primary key, value int not null)');
  commits = async () => (await db.query<{ n: number }>('select count(distinct xid) as n from effect')).rows[0]?.n ?? 0;
  tracing.reset();
});
afterEach(() => db.close());

function start(handler: Handlers['order.compensating']) {
  const { service } = testService({}, { name: 'group' });
  const deps = { service: 'group', consumer: 'group', db, log: service.log, signal: service.signal };
  const together = createTogether(deps);
  const handlers = handlerTable({ 'order.compensating': handler });
  const deliver = (key: string, version: number, id: string = newId()): Delivery => ({
    kind: 'delivery',
    topic: 'orders.events',
    partition: 0,
    offset: String(version),
    key,
    recordKey: key,
    value: Buffer.from('{}'),
    headers: {},
    event: {
      event: 'order.compensating',
      version: '1.0.0',
      data: { orderId: newId(), reason: 'payment_failed' },
      metadata: {
        id,
        occurredAt: new Date().toISOString(),
        correlationId: newId(),
        causationId: null,
        sagaId: newId(),
        aggregateVersion: version,
        producer: 'test',
      },
    },
    handler: handlers.get('order.compensating') as Delivery['handler'],
  });
  const alone = (attempt: Attempt) => processAlone(deps, attempt.delivery, attempt);
  return { together, deliver, alone };
}

/** Writes with the commit, and notes how many of its key it could see: what the messages before it wrote. */
function recording(fails: (version: number) => unknown = () => undefined): Handlers['order.compensating'] {
  return async (tx, event: Compensating, context) => {
    const { rows } = await tx.query<{ n: number }>('select count(*) as n from effect where key = $1', [keyOf(context)]);
    const failure = fails(event.metadata.aggregateVersion);
    if (failure !== undefined) throw failure;
    tx.defer('insert into effect (key, version, seen) values ($1, $2, $3)', [
      keyOf(context),
      event.metadata.aggregateVersion,
      rows[0]?.n,
    ]);
  };
}
const keys = new Map<string, string>();
const keyOf = ({ offset }: { offset: string }) => keys.get(offset) ?? 'none';

async function effects() {
  const { rows } = await db.query<{ key: string; version: number; seen: number }>(
    'select key, version, seen from effect order by version',
  );
  return rows.map(({ key, version, seen }) => `${key}${version} saw ${seen}`);
}

/** Deliveries named like `a1`: key and version, which is also the offset. */
function deliveries(deliver: (key: string, version: number) => Delivery, names: string[]): Delivery[] {
  return names.map((name) => {
    const [key, version] = [name.slice(0, 1), Number(name.slice(1))];
    keys.set(String(version), key);
    return deliver(key, version);
  });
}
const named = (attempts: Attempt[]) => attempts.map(({ delivery: { key, offset } }) => key + offset);

test('messages of several partitions are one transaction, and one of a key sees what the one before it wrote', async () => {
  const { together, deliver } = start(recording());
  const all = deliveries(deliver, ['a1', 'b2', 'a3', 'c4', 'a5']);
  const left = await Promise.all([together(all.slice(0, 3)), together(all.slice(3))]);
  expect(left).toEqual([[], []]);
  expect(await effects()).toEqual(['a1 saw 0', 'b2 saw 0', 'a3 saw 1', 'c4 saw 0', 'a5 saw 2']);
  expect(await commits()).toBe(1);
  const processing = tracing.spans().filter(({ name }) => name === 'process orders.events');
  expect(processing.map(({ attributes }) => attributes['messaging.batch.message_count'])).toEqual([5, 5, 5, 5, 5]);
});

test('what runs after the commit belongs to the trace of its own message', async () => {
  const spanAfter: (string | undefined)[] = [];
  const { together, deliver } = start(async (tx) => {
    const own = trace.getActiveSpan()?.spanContext().spanId;
    tx.onCommit(() => spanAfter.push(own, trace.getActiveSpan()?.spanContext().spanId));
  });
  await together(deliveries(deliver, ['a1', 'b2']));
  const [first, firstAfter, second, secondAfter] = spanAfter;
  expect([firstAfter, secondAfter]).toEqual([first, second]);
  expect(new Set(spanAfter).size).toBe(2);
});

test('a message that fails is left over with what follows of its key; the others are committed without it', async () => {
  const { together, deliver } = start(
    recording((version) => (version === 2 ? new AppError('not_found', 'x') : undefined)),
  );
  const left = await together(deliveries(deliver, ['a1', 'b2', 'a3', 'b4', 'c5']));
  expect(named(left)).toEqual(['b2', 'b4']);
  expect(left[0]?.apart).toMatchObject({ error: { code: 'not_found' } });
  expect(await effects()).toEqual(['a1 saw 0', 'a3 saw 1', 'c5 saw 0']);
});

test('what is left over is parked alone, and what follows of its key behind it', async () => {
  const { together, deliver, alone } = start(
    recording((version) => (version === 1 ? new AppError('not_found', 'x') : undefined)),
  );
  const outcomes = [];
  for (const attempt of await together(deliveries(deliver, ['a1', 'a2', 'b3']))) outcomes.push(await alone(attempt));
  expect(outcomes).toEqual(['parked', 'parked']);
  const { rows } = await db.query('select position, reason from parked order by position');
  expect(rows).toEqual([
    { position: 'orders.events/0/1', reason: 'failed' },
    { position: 'orders.events/0/2', reason: 'key_parked' },
  ]);
  expect(named(await together(deliveries(deliver, ['a4', 'c5'])))).toEqual(['a4']);
  expect(await effects()).toEqual(['b3 saw 0', 'c5 saw 0']);
});

test('a statement that Postgres refuses costs the others nothing', async () => {
  const { together, deliver } = start(async (tx, event: Compensating, context) => {
    if (event.metadata.aggregateVersion === 2) await tx.query('select 1 / 0');
    else
      await tx.query('insert into effect (key, version, seen) values ($1, $2, 0)', [
        keyOf(context),
        event.metadata.aggregateVersion,
      ]);
  });
  expect(named(await together(deliveries(deliver, ['a1', 'b2', 'c3', 'd4'])))).toEqual(['b2']);
  expect(await effects()).toEqual(['a1 saw 0', 'c3 saw 0', 'd4 saw 0']);
});

test('when a write with the commit fails, nobody knows whose it was: all go alone', async () => {
  const { together, deliver, alone } = start(async (tx, event: Compensating) => {
    tx.defer('insert into counter (name, value) values ($1, $2)', [
      event.metadata.aggregateVersion === 2 ? 'n1' : `n${event.metadata.aggregateVersion}`,
      0,
    ]);
  });
  const left = await together(deliveries(deliver, ['a1', 'c3', 'b2']));
  expect(named(left)).toEqual(['a1', 'c3', 'b2']);
  expect(left.map(({ apart }) => apart)).toEqual([undefined, undefined, undefined]);
  const [first, second] = left as [Attempt, Attempt];
  expect([await alone(first), await alone(second)]).toEqual(['handled', 'handled']);
});

test('a message that had been handled is absorbed, and the others are handled', async () => {
  const { together, deliver } = start(recording());
  const [again, first] = deliveries(deliver, ['a1', 'b2']) as [Delivery, Delivery];
  await together([again]);
  expect(await together([again, first])).toEqual([]);
  expect(await effects()).toEqual(['a1 saw 0', 'b2 saw 0']);
  const duplicates = tracing.spans().filter(({ attributes }) => attributes['orrery.message.duplicate'] === true);
  expect(duplicates).toHaveLength(1);
});

test('who asks somebody first asks at the same time; an answer that cannot be had leaves only its own over', async () => {
  let asking = 0;
  let most = 0;
  const { together, deliver } = start({
    prepare: async (event) => {
      asking += 1;
      most = Math.max(most, asking);
      await new Promise((resolve) => setImmediate(resolve));
      asking -= 1;
      if (event.metadata.aggregateVersion === 2) throw new AppError('unavailable', 'provider is down');
      return event.metadata.aggregateVersion * 10;
    },
    apply: async (tx, event, value, context) => {
      tx.defer('insert into effect (key, version, seen) values ($1, $2, $3)', [
        keyOf(context),
        event.metadata.aggregateVersion,
        value,
      ]);
    },
  });
  expect(named(await together(deliveries(deliver, ['a1', 'b2', 'c3'])))).toEqual(['b2']);
  expect(most).toBe(3);
  expect(await effects()).toEqual(['a1 saw 10', 'c3 saw 30']);
});

test('a handler that never returns is left over, cannot write any more, and the others go on', async () => {
  let late: Promise<unknown> = Promise.resolve();
  let letGo: () => void = () => {};
  const { together, deliver } = start(async (tx, event: Compensating, context) => {
    if (event.metadata.aggregateVersion === 1) {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      late = tx.query('insert into effect (key, version, seen) values ($1, 1, 0)', [keyOf(context)]);
      late.catch(() => {});
      await late;
    } else
      tx.defer('insert into effect (key, version, seen) values ($1, $2, 0)', [
        keyOf(context),
        event.metadata.aggregateVersion,
      ]);
  });
  expect(named(await together(deliveries(deliver, ['a1', 'b2'])))).toEqual(['a1']);
  letGo();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(late).rejects.toMatchObject({ code: 'cancelled' });
  expect(await effects()).toEqual(['b2 saw 0']);
}, 20_000);

test('while the database is away all are left over, with that as their reason', async () => {
  const { together, deliver } = start(recording());
  await postgres.kill();
  // Its backends outlive it by a moment, and would still commit.
  await until('the database is away', () =>
    db.query('select 1').then(
      () => null,
      () => true,
    ),
  );
  const left = await together(deliveries(deliver, ['a1', 'b2']));
  expect(left.map(({ apart }) => apart)).toMatchObject([
    { error: { code: 'unavailable' } },
    { error: { code: 'unavailable' } },
  ]);
  await postgres.start();
}, 30_000);
