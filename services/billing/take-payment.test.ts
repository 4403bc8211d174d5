import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EventOf, makeEvent, parseEvent } from '#contracts/events/registry.ts';
import { topics } from '#contracts/events/topics.ts';
import type { Patterns } from '#kit/control/patterns.ts';
import { newId } from '#kit/ids.ts';
import { createKafka, type KafkaClient } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import type { MessageContext, PreparedHandler } from '#kit/kafka/handlers.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { recordTopic } from '#kit/testing/pipeline.ts';
import { testService } from '#kit/testing/service.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { declareBillingPatterns } from './billing-patterns.ts';
import { consumedTopics, consumers } from './consumers.ts';
import { chargeKey } from './payment.ts';
import { startProvider, type TestProvider } from './provider.builder.ts';
import { createPaymentProvider } from './provider.ts';
import { startRefunds } from './refunds/refund-loop.ts';
import { listPayments } from './store.ts';
import { refundKey } from './undo.ts';

let postgres: TestPostgres;
let broker: TestBroker;
let published: Awaited<ReturnType<typeof recordTopic>>;
let producer: ReturnType<KafkaClient['producer']>;
let databaseUrl: string;

let provider: TestProvider;
let database: Database;
let handler: PreparedHandler<'inventory.reserved'>;
let patterns: Patterns;
let startConsuming: () => void;
let stop: () => Promise<void>;

beforeAll(async () => {
  [postgres, broker] = await Promise.all([startPostgres(), startBroker()]);
  databaseUrl = await postgres.createDatabase();
  published = await recordTopic([broker.address], topics.billing);
  const kafka = createKafka({ brokers: [broker.address], clientId: 'inventory', log: testService({}).service.log });
  await kafka.ensureTopics(consumedTopics);
  producer = kafka.producer();
  await producer.connect();
}, 60_000);
afterAll(async () => {
  await producer?.disconnect();
  await published?.stop();
  await Promise.all([broker?.stop(), postgres?.stop()]);
}, 30_000);

beforeEach(async () => {
  provider = await startProvider();
  const started = testService({ DATABASE_URL: databaseUrl }, { name: 'billing' });
  database = await openDatabase(started.service, { migrations: new URL('./migrations/', import.meta.url) });
  const kafka = createKafka({ brokers: [broker.address], clientId: 'billing', log: started.service.log });
  patterns = started.service.patterns;
  declareBillingPatterns(patterns);
  const deps = {
    database,
    patterns,
    provider: createPaymentProvider({ baseUrl: provider.baseUrl, apiKey: 'sk_test_12345678' }),
    producer: 'billing',
    now: () => new Date(),
    newId,
    failpoints: started.service.failpoints,
  };
  const handlers = consumers(deps);
  startRefunds(started.service, deps);
  handler = handlers['inventory.reserved'] as PreparedHandler<'inventory.reserved'>;
  startRelay(started.service, { db: database, kafka, topics: [topics.billing] });
  startConsuming = () => startConsumer(started.service, { db: database, kafka, topics: consumedTopics, handlers });
  stop = started.stop;
});
afterEach(async () => {
  await stop();
  await provider.stop();
});

function reserved(token: 'tok_visa' | 'tok_declined' = 'tok_visa', orderId = newId()): EventOf<'inventory.reserved'> {
  return makeEvent(
    'inventory.reserved',
    {
      orderId,
      customerId: newId(),
      items: [{ sku: 'LAMP-014', qty: 1 }],
      total: { amountMinor: 1999, currency: 'EUR' },
      payment: { token },
      reservationId: newId(),
      reservedAt: new Date().toISOString(),
    },
    {
      id: newId(),
      occurredAt: new Date().toISOString(),
      correlationId: orderId,
      causationId: newId(),
      sagaId: newId(),
      aggregateVersion: 1,
      producer: 'inventory',
    },
  );
}

async function publish(...events: EventOf<'inventory.reserved'>[]): Promise<void> {
  await producer.send({
    topic: topics.inventory,
    messages: events.map((event) => ({ key: event.data.orderId, value: JSON.stringify(event) })),
  });
}

const eventsOf = (orderId: string) =>
  published.records.filter(({ key }) => key === orderId).map(({ value }) => parseEvent(value));

/** Waits until an event about the order is out. */
const announced = (orderId: string) =>
  until(`an event of order ${orderId}`, () => eventsOf(orderId)[0] ?? null, { withinMs: 20_000 });

async function paymentOf(orderId: string) {
  return (await listPayments(database, orderId, 10))[0];
}

/** What would have happened once more has happened when a later message of the same partition is through. */
async function passedBy(orderId: string): Promise<void> {
  const marker = reserved('tok_visa', orderId);
  await publish(marker);
  await until('the marker is handled', async () => {
    const { rowCount } = await database.query('select from inbox where message_id = $1', [marker.metadata.id]);
    return rowCount === 1 ? true : null;
  });
}

test('takes the money, books it twice over and tells', async () => {
  startConsuming();
  const event = reserved();
  const { orderId } = event.data;
  await publish(event);
  const succeeded = await announced(orderId);
  const charge = provider.charges.get(chargeKey(orderId));
  expect(succeeded).toMatchObject({
    event: 'payment.succeeded',
    data: { orderId, chargeId: charge?.id, amount: { amountMinor: 1999, currency: 'EUR' } },
    metadata: {
      causationId: event.metadata.id,
      correlationId: orderId,
      sagaId: event.metadata.sagaId,
      aggregateVersion: 1,
      producer: 'billing',
    },
  });
  const payment = await paymentOf(orderId);
  expect(payment).toMatchObject({ status: 'succeeded', chargeId: charge?.id, declineCode: null });
  expect(payment?.ledger.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
    ['provider_receivable', 1999],
    ['sales', -1999],
  ]);
});

test('a declined card is told, and nothing is booked', async () => {
  startConsuming();
  const event = reserved('tok_declined');
  await publish(event);
  expect(await announced(event.data.orderId)).toMatchObject({
    event: 'payment.failed',
    data: { declineCode: 'card_declined' },
  });
  expect(await paymentOf(event.data.orderId)).toMatchObject({ status: 'failed', chargeId: null, ledger: [] });
});

test('a second delivery, and a replay under another message id, charge and tell nothing more', async () => {
  startConsuming();
  const event = reserved();
  const { orderId } = event.data;
  await publish(event, event);
  await announced(orderId);
  await passedBy(orderId);
  expect(provider.requests()).toBe(1);
  expect(eventsOf(orderId)).toHaveLength(1);
  expect((await paymentOf(orderId))?.ledger).toHaveLength(2);
});

test('a crash between the charge and its record leads to the same charge', async () => {
  const event = reserved();
  const { orderId } = event.data;
  const context = { signal: new AbortController().signal, attempt: 1 } as MessageContext;
  // The process died here: the provider has charged, and we have only our intent on record.
  await handler.prepare(event, { ...context, log: testService({}).service.log });
  const charge = provider.charges.get(chargeKey(orderId));
  expect(await paymentOf(orderId)).toMatchObject({ status: 'pending', ledger: [] });
  await publish(event);
  startConsuming();
  expect(await announced(orderId)).toMatchObject({ event: 'payment.succeeded', data: { chargeId: charge?.id } });
  expect(provider.charges.size).toBe(1);
  expect(provider.requests()).toBe(2);
});

test('with its idempotency key switched off, the same crash charges twice', async () => {
  await patterns.set('idempotency-key', false);
  const event = reserved();
  const context = { signal: new AbortController().signal, attempt: 1 } as MessageContext;
  await handler.prepare(event, { ...context, log: testService({}).service.log });
  // The process that comes up in its place knows of no switch.
  await patterns.set('idempotency-key', true);
  await publish(event);
  startConsuming();
  await announced(event.data.orderId);
  const charges = [...provider.charges.values()];
  expect(charges.map(({ reference }) => reference)).toEqual([event.data.orderId, event.data.orderId]);
});

test.each(['loses-answers', 'silent'] as const)(
  'an answer that never comes (provider %s) does not charge twice',
  async (mode) => {
    startConsuming();
    provider.mode = mode;
    const event = reserved();
    await publish(event);
    await until('the provider was asked again', () => (provider.requests() >= 2 ? true : null));
    provider.mode = 'answers';
    await announced(event.data.orderId);
    expect(provider.charges.size).toBe(1);
    expect((await paymentOf(event.data.orderId))?.ledger).toHaveLength(2);
  },
);

test.each(['down', 'refuses'] as const)('orders wait while the provider %s, and none is lost', async (mode) => {
  startConsuming();
  provider.mode = mode;
  const events = Array.from({ length: 8 }, () => reserved());
  await publish(...events);
  await until('the provider was asked', () => (provider.requests() >= 6 ? true : null));
  expect(events.flatMap((event) => eventsOf(event.data.orderId))).toEqual([]);
  provider.mode = 'answers';
  for (const event of events) expect(await announced(event.data.orderId)).toMatchObject({ event: 'payment.succeeded' });
  expect(provider.charges.size).toBe(8);
  const { rowCount } = await database.query('select from parked');
  expect(rowCount).toBe(0);
});

/** Tells billing to undo the payment of an order, as the orchestrator does. */
async function undo({ data, metadata }: EventOf<'inventory.reserved'>): Promise<void> {
  const { orderId, customerId, total, payment } = data;
  const command = makeEvent(
    'billing.undo',
    { orderId, customerId, total, payment, reason: 'customer_request' },
    { ...metadata, id: newId(), producer: 'orders' },
  );
  await producer.send({
    topic: topics.billingCommands,
    messages: [{ key: orderId, value: JSON.stringify(command) }],
  });
}

const told = (orderId: string, event: string) =>
  until(`${event} of order ${orderId}`, () => eventsOf(orderId).find((one) => one.event === event) ?? null, {
    withinMs: 30_000,
  });

test('a payment that was taken is refunded once, and the books are as before', async () => {
  startConsuming();
  const event = reserved();
  const { orderId } = event.data;
  await publish(event);
  await told(orderId, 'payment.succeeded');
  await undo(event);
  await undo(event);
  const refund = await told(orderId, 'payment.refunded');
  expect(refund).toMatchObject({
    data: { orderId, amount: event.data.total, reason: 'customer_request' },
    metadata: { aggregateVersion: 2, correlationId: orderId },
  });
  expect(provider.refunds.get(refundKey(orderId))?.chargeId).toBe(provider.charges.get(chargeKey(orderId))?.id);
  const payment = await paymentOf(orderId);
  expect(payment).toMatchObject({ status: 'refunded', undoReason: 'customer_request', refund: { attempts: 1 } });
  const sums = new Map<string, number>();
  for (const { account, amountMinor } of payment?.ledger ?? []) {
    sums.set(account, (sums.get(account) ?? 0) + amountMinor);
  }
  expect([...sums.values()]).toEqual([0, 0]);
});

test('undone before it was made, a payment is voided and the late charge is never made', async () => {
  startConsuming();
  const event = reserved();
  const { orderId } = event.data;
  await undo(event);
  await told(orderId, 'payment.voided');
  await passedBy(orderId);
  expect(provider.charges.has(chargeKey(orderId))).toBe(false);
  expect(await paymentOf(orderId)).toMatchObject({ status: 'voided', chargeId: null, ledger: [] });
  expect(eventsOf(orderId).map(({ event: name }) => name)).toEqual(['payment.voided']);
});

test('undone while its outcome is unknown, a payment is refunded as soon as it turns out to have been made', async () => {
  startConsuming();
  provider.mode = 'silent';
  const event = reserved();
  const { orderId } = event.data;
  await publish(event);
  await until('the provider has charged', () => (provider.charges.has(chargeKey(orderId)) ? true : null));
  await undo(event);
  await until('billing knows', async () => ((await paymentOf(orderId))?.undoReason ? true : null));
  expect(await paymentOf(orderId)).toMatchObject({ status: 'pending', refund: null });
  provider.mode = 'answers';
  await told(orderId, 'payment.refunded');
  expect(eventsOf(orderId).map(({ event: name }) => name)).toEqual(['payment.succeeded', 'payment.refunded']);
});

test('a refund waits for a provider that is down, says so, and is made once', async () => {
  startConsuming();
  const event = reserved();
  const { orderId } = event.data;
  await publish(event);
  await told(orderId, 'payment.succeeded');
  provider.mode = 'down';
  await undo(event);
  const waiting = await until('the refund has failed', async () => {
    const refund = (await paymentOf(orderId))?.refund;
    return refund?.lastError ? refund : null;
  });
  expect(waiting).toMatchObject({ refundId: null, attempts: expect.any(Number), nextAttemptAt: expect.any(String) });
  provider.mode = 'answers';
  await told(orderId, 'payment.refunded');
  expect(provider.refunds.size).toBe(1);
});

test('no transaction is open while the provider is asked', async () => {
  startConsuming();
  provider.mode = 'silent';
  await publish(reserved());
  await until('the provider is being asked', () => (provider.requests() >= 1 ? true : null));
  const { rows } = await database.query<{ state: string }>(
    "select state from pg_stat_activity where datname = current_database() and application_name = 'billing' and state like 'idle in transaction%'",
  );
  expect(rows).toEqual([]);
  provider.mode = 'answers';
});

test('the database refuses a booking that does not sum to 0, and any change of what is booked', async () => {
  const { rows } = await database.query<{ id: string }>('select id from payment limit 1');
  const unbalanced = database.transaction(async (tx) => {
    const id = newId();
    await tx.query(
      "insert into ledger_transaction (id, payment_id, kind, provider_reference, recorded_at) values ($1, $2, 'refund', $3, now())",
      [id, rows[0]?.id, `re_${id}`],
    );
    await tx.query(
      "insert into ledger_entry (transaction_id, account, amount_minor, currency) values ($1, 'sales', 5, 'EUR')",
      [id],
    );
  });
  await expect(unbalanced).rejects.toThrow('does not sum to 0');
  await expect(database.query('update ledger_entry set amount_minor = 1')).rejects.toThrow('append-only');
  await expect(database.query('delete from ledger_transaction')).rejects.toThrow('append-only');
});
