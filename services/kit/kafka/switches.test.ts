import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import type { PatternName } from '#contracts/sandbox/control-channel.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { newId } from '../ids.ts';
import { openDatabase } from '../postgres/database.ts';
import { testService } from '../testing/service.ts';
import { type Attempt, openAttempt, type ProcessDeps } from './attempt.ts';
import { type Handlers, handlerTable } from './handlers.ts';
import type { Delivery } from './incoming.ts';
import { processAlone } from './process-alone.ts';
import { createTogether } from './together.ts';

/*
 * What a consumer is worth with one of its patterns switched off: the same message twice has two effects, what cannot be
 * handled is gone, what only had to wait is dead-lettered. With it on again, none of that happens.
 */
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

async function start(handler: Handlers['order.compensating'], random = () => 0) {
  const { service, stop } = testService({ PORT: 0, DATABASE_URL: await postgres.createDatabase() });
  const db = await openDatabase(service);
  onTestFinished(stop);
  await db.query('create table effect (message text not null)');
  const counts = { handled: 0, duplicates: 0, retries: 0, later: 0, parked: 0, dropped: 0 };
  const { log, patterns, signal } = service;
  const tiers = [{ name: '5s', delayMs: 5_000 }];
  const deps: ProcessDeps = { service: 'group', consumer: 'group', db, log, signal, random, patterns, counts, tiers };
  for (const pattern of ['inbox', 'retry-topic', 'dead-letter', 'dependency-pause'] as const)
    patterns.declare(pattern, { description: '', threatens: [] });
  const table = handlerTable({ 'order.compensating': handler });
  const together = createTogether(deps);
  const offsets = Array.from({ length: 20 }, (_, n) => String(n));
  const deliver = (id: string = newId()): Delivery => ({
    kind: 'delivery',
    topic: 'orders.events',
    partition: 0,
    offset: offsets.shift() ?? '',
    key: 'k',
    recordKey: 'k',
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
        aggregateVersion: 1,
        producer: 'test',
      },
    },
    handler: table.get('order.compensating') as Delivery['handler'],
  });
  const handle = async (delivery: Delivery) => {
    const leftOver: Attempt[] = await together([delivery]);
    for (const attempt of leftOver) await processAlone(deps, attempt.delivery, attempt);
  };
  const alone = (delivery: Delivery) => processAlone(deps, delivery, openAttempt(deps, delivery, 1));
  const effects = async () => (await db.query('select 1 from effect')).rowCount;
  const parked = async () => (await db.query('select 1 from parked')).rowCount;
  const off = (pattern: PatternName) => patterns.set(pattern, false);
  const on = (pattern: PatternName) => patterns.set(pattern, true);
  const sentTo = async () =>
    (await db.query<{ topic: string }>('select topic from outbox order by seq')).rows.map(({ topic }) => topic);
  return { deliver, handle, alone, effects, parked, sentTo, counts, off, on };
}

const record: Handlers['order.compensating'] = async (tx, event) => {
  await tx.query('insert into effect (message) values ($1)', [event.metadata.id]);
};

test('without an inbox a second delivery has a second effect, together and alone; with it, none', async () => {
  const { deliver, handle, alone, effects, counts, off, on } = await start(record);
  const id = newId();
  await handle(deliver(id));
  await handle(deliver(id));
  expect(await effects()).toBe(1);
  expect(counts).toMatchObject({ handled: 1, duplicates: 1 });
  await off('inbox');
  await handle(deliver(id));
  await alone(deliver(id));
  expect(await effects()).toBe(3);
  await on('inbox');
  await handle(deliver(id));
  expect(await effects()).toBe(3);
});

test('without dead letters what cannot be handled is gone; with them it is kept and its key waits', async () => {
  const { deliver, handle, parked, counts, off, on } = await start(async () => {
    throw new AppError('unprocessable', 'never');
  });
  await off('dead-letter');
  await handle(deliver());
  expect(await parked()).toBe(0);
  expect(counts).toMatchObject({ dropped: 1, parked: 0 });
  await on('dead-letter');
  await handle(deliver());
  expect(await parked()).toBe(1);
});

test('without the pause a dependency that is away for a moment costs the message; with it, the message waits', async () => {
  let failures = 5;
  const { deliver, handle, parked, effects, off, on } = await start(async (tx, event, context) => {
    failures -= 1;
    if (failures >= 0) throw new AppError('deadline_exceeded', 'not now');
    await record(tx, event, context);
  });
  await off('dependency-pause');
  await handle(deliver());
  expect([await parked(), await effects()]).toEqual([1, 0]);
  await on('dependency-pause');
  failures = 5;
  const other = { ...deliver(), key: 'another' };
  await handle(other);
  expect([await parked(), await effects()]).toEqual([1, 1]);
});

test('without retry topics a failure that would pass is a dead letter; with them, it is tried again', async () => {
  const { deliver, handle, sentTo, counts, off, on } = await start(async () => {
    throw new TypeError('a bug, for now');
  });
  await off('retry-topic');
  await handle({ ...deliver(), key: 'first' });
  expect(await sentTo()).toEqual(['group.dlq']);
  await on('retry-topic');
  await handle({ ...deliver(), key: 'second' });
  expect(await sentTo()).toEqual(['group.dlq', 'group.retry.5s']);
  expect(counts).toMatchObject({ later: 1, parked: 2 });
});
