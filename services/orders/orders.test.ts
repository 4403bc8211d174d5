import type { Producer } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EventData, type EventName, events } from '#contracts/events/events.ts';
import { makeEvent } from '#contracts/events/registry.ts';
import { topics } from '#contracts/events/topics.ts';
import { Order } from '#contracts/http/orders.ts';
import { systemClock as clock } from '#kit/clock.ts';
import { createGrpcClient } from '#kit/grpc/client.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { createHttpClient } from '#kit/http-client.ts';
import { newId } from '#kit/ids.ts';
import { openKafka } from '#kit/kafka/client.ts';
import { startConsumer } from '#kit/kafka/consumer.ts';
import { startRelay } from '#kit/outbox/relay.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { orderHandlers } from './consumers.ts';
import { createGetQuote } from './get-quote.ts';
import { addRoutes } from './http.ts';
import { createAskModel } from './screen-order.ts';
import { type FakeInference, type FakePricing, signingKey, startInference, startPricing, testAuth } from './testing.ts';

let postgres: TestPostgres;
let broker: TestBroker;
let pricing: FakePricing;
let inference: FakeInference;
let db: Database;
let producer: Producer;
let base: string;
let stopOrders: () => Promise<void>;
const logLines: string[] = [];

beforeAll(async () => {
  [postgres, broker, pricing, inference] = await Promise.all([
    startPostgres(),
    startBroker(),
    startPricing(),
    startInference(),
  ]);
  const { service, stop } = testService(
    { PORT: 0, DATABASE_URL: await postgres.createDatabase(), KAFKA_BROKERS: broker.address },
    { name: 'orders', logLines: (line) => logLines.push(line) },
  );
  stopOrders = stop;
  const { log, name } = service;
  db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
  const kafka = openKafka(service);
  startRelay(service, { db, kafka, topics: [topics.orders, 'orders.dlq'] });
  await kafka.ensureTopics(Object.values(topics));
  const askModel = createAskModel(createHttpClient({ peer: 'inference', baseUrl: inference.url }));
  const handlers = orderHandlers({ producer: name, clock, log, askModel });
  startConsumer(service, { db, kafka, topics: [topics.orders, topics.inventory, topics.billing], handlers });
  const client = createGrpcClient({
    peer: 'pricing',
    address: `127.0.0.1:${pricing.port}`,
    proto: new URL('../../contracts/grpc/pricing.proto', import.meta.url),
    serviceName: 'orrery.pricing.v1.Pricing',
  });
  service.shutdown.add('pricing client', () => client.close());
  const http = createHttpServer(service, { auth: testAuth });
  const getQuote = createGetQuote({ pricing: client, signingKey, clock });
  addRoutes(http, { db, getQuote, producer: name, clock, log });
  base = `http://127.0.0.1:${await http.listen()}`;
  producer = kafka.producer();
  await producer.connect();
  await until('the group is joined', async () => ((await service.health.report()).ready ? true : null));
}, 90_000);

afterAll(async () => {
  await producer?.disconnect();
  await stopOrders?.();
  await Promise.all([pricing?.stop(), inference?.stop(), broker?.stop(), postgres?.stop()]);
}, 30_000);

beforeEach(() => {
  inference.score = { score: 0.1, decision: 'accept', model: 'lexical', reasons: [] };
  pricing.key = signingKey;
});

type Answer = { status: number; headers: Headers; body: Order & { code: string; detail: string } };

async function send(body: unknown, { token, key = newId() }: { token: string; key?: string | null }): Promise<Answer> {
  const answer = await fetch(`${base}/orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === null ? {} : { 'idempotency-key': key }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer['body'] };
}

function shopper() {
  const customerId = newId();
  return { customerId, token: `shopper:${customerId}`, basket: { customerId, items: [{ sku: 'LAMP-014', qty: 2 }] } };
}

async function countOrdersOf(customerId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select count(*) from orders where customer_id = $1', [
    customerId,
  ]);
  return rows[0]?.count ?? 0;
}

test('an accepted order is stored whole: order, lines, outbox row, first transition', async () => {
  const { token, basket, customerId } = shopper();
  const { status, headers, body } = await send(basket, { token });
  expect(status).toBe(202);
  expect(Order.parse(body)).toEqual(body);
  expect(headers.get('location')).toBe(`/orders/${body.id}`);
  expect(body).toMatchObject({
    customerId,
    status: 'created',
    version: 1,
    payment: { token: 'tok_visa' },
    total: { amountMinor: 3998, currency: 'EUR' },
    lines: [{ sku: 'LAMP-014', qty: 2, unitPrice: { amountMinor: 1999, currency: 'EUR' } }],
  });
  const { rows } = await db.query(
    `select o.type, o.aggregate_version, t.to_status, l.price_version
     from outbox o join order_transitions t on t.order_id::text = o.key and t.seq = 1
       join order_lines l on l.order_id::text = o.key
     where o.key = $1 and o.type = 'order.created'`,
    [body.id],
  );
  expect(rows).toEqual([{ type: 'order.created', aggregate_version: 1, to_status: 'created', price_version: 1 }]);
});

test('the same key and body give the same answer and one order', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const first = await send(basket, { token, key });
  const again = await send({ items: basket.items, customerId }, { token, key });
  expect(again.status).toBe(202);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await countOrdersOf(customerId)).toBe(1);
});

test('a key sent many times at once makes one order; the others get it or are told to wait', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(basket, { token, key })));
  const accepted = answers.filter(({ status }) => status === 202);
  expect(accepted.length).toBeGreaterThan(0);
  expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1);
  for (const { status, headers } of answers.filter((answer) => answer.status !== 202)) {
    expect(status).toBe(409);
    expect(headers.get('retry-after')).toBe('1');
  }
  expect(await countOrdersOf(customerId)).toBe(1);
});

test('a key with another body is refused, and the same key of another caller is another key', async () => {
  const one = shopper();
  const other = shopper();
  const key = newId();
  await send(one.basket, { token: one.token, key });
  const changed = await send({ ...one.basket, items: [{ sku: 'LAMP-014', qty: 3 }] }, { token: one.token, key });
  expect(changed.status).toBe(422);
  expect((await send(other.basket, { token: other.token, key })).status).toBe(202);
});

test('a request that outlived its lock on the key cannot add a second order', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const calls = pricing.calls;
  const priced = Promise.withResolvers<void>();
  pricing.gate = priced.promise;
  const slow = send(basket, { token, key });
  await until('the slow request waits for its price', () => (pricing.calls > calls ? true : null));
  await db.query(`update idempotency_keys set locked_until = now() - interval '1 second' where key = $1`, [key]);
  pricing.gate = Promise.resolve();
  const second = await send(basket, { token, key });
  expect(second.status).toBe(202);
  priced.resolve();
  expect((await slow).status).toBe(409);
  expect(await countOrdersOf(customerId)).toBe(1);
  expect((await send(basket, { token, key })).body).toEqual(second.body);
});

test('an unknown SKU is named, nothing is stored, and the key may be used again', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const refused = await send({ customerId, items: [{ sku: 'GHOST-1', qty: 1 }] }, { token, key });
  expect(refused.status).toBe(422);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body.detail).toContain('GHOST-1');
  expect(await countOrdersOf(customerId)).toBe(0);
  expect((await send(basket, { token, key })).status).toBe(202);
});

test('a quote that pricing did not sign is not sold on', async () => {
  const { token, basket, customerId } = shopper();
  pricing.key = 'somebody-else';
  expect((await send(basket, { token })).status).toBe(502);
  expect(await countOrdersOf(customerId)).toBe(0);
});

test.each([
  ['no items', { items: [] }],
  ['quantity 0', { items: [{ sku: 'LAMP-014', qty: 0 }] }],
  ['quantity −1', { items: [{ sku: 'LAMP-014', qty: -1 }] }],
  ['quantity 1.5', { items: [{ sku: 'LAMP-014', qty: 1.5 }] }],
  ['quantity 10⁹', { items: [{ sku: 'LAMP-014', qty: 1e9 }] }],
  [
    'an SKU twice',
    {
      items: [
        { sku: 'LAMP-014', qty: 1 },
        { sku: 'LAMP-014', qty: 1 },
      ],
    },
  ],
  ['a card that is no token', { payment: { token: '4242424242424242' } }],
  ['a field that does not exist', { discount: 100 }],
] as const)('an order with %s is unprocessable', async (_name, change) => {
  const { token, basket, customerId } = shopper();
  expect((await send({ ...basket, ...change }, { token })).status).toBe(422);
  expect(await countOrdersOf(customerId)).toBe(0);
});

test('malformed JSON and a missing Idempotency-Key are bad requests', async () => {
  const { token, basket } = shopper();
  expect((await send('{"customerId":', { token })).status).toBe(400);
  expect((await send(basket, { token, key: null })).status).toBe(400);
});

test('a shopper orders for themselves only, an operator for anybody, an auditor for nobody', async () => {
  const { basket, customerId } = shopper();
  expect((await send(basket, { token: `shopper:${newId()}` })).status).toBe(403);
  expect((await send(basket, { token: `auditor:${newId()}` })).status).toBe(403);
  expect(await countOrdersOf(customerId)).toBe(0);
  expect((await send(basket, { token: `operator:${newId()}` })).status).toBe(202);
});

test('an order is shown to its owner and to staff, and does not exist for other shoppers', async () => {
  const { token, basket } = shopper();
  const { body } = await send(basket, { token });
  const get = (as: string) => fetch(`${base}/orders/${body.id}`, { headers: { authorization: `Bearer ${as}` } });
  expect(Order.parse(await (await get(token)).json())).toMatchObject({ id: body.id, lines: body.lines });
  expect((await get(`auditor:${newId()}`)).status).toBe(200);
  expect((await get(shopper().token)).status).toBe(404);
});

// --- the saga, with the other services played by the test ---

async function place(payment = 'tok_visa'): Promise<Order> {
  const { token, basket } = shopper();
  return (await send({ ...basket, payment: { token: payment } }, { token })).body;
}

/** Publishes what another service would. */
async function tell<N extends EventName>(order: Order, event: N, data: Omit<EventData<N>, 'orderId'>): Promise<void> {
  const message = makeEvent(event, { ...data, orderId: order.id } as EventData<N>, {
    id: newId(),
    occurredAt: new Date().toISOString(),
    correlationId: order.id,
    causationId: null,
    sagaId: order.sagaId,
    aggregateVersion: 1,
    producer: 'test',
  });
  const { topic } = events[event];
  await producer.send({ topic, acks: -1, messages: [{ key: order.id, value: JSON.stringify(message) }] });
}

function tellReserved(order: Order): Promise<void> {
  const { customerId, total, payment } = order;
  const items = order.lines.map(({ sku, qty }) => ({ sku, qty }));
  const reservedAt = new Date().toISOString();
  return tell(order, 'inventory.reserved', { customerId, items, total, payment, reservationId: newId(), reservedAt });
}

const tellPaid = (order: Order) =>
  tell(order, 'payment.succeeded', { paymentId: newId(), chargeId: `ch_${order.id}`, amount: order.total });
const tellDeclined = (order: Order) =>
  tell(order, 'payment.failed', { paymentId: newId(), declineCode: 'card_declined', amount: order.total });

async function reaches(order: Order, status: Order['status']): Promise<Order> {
  return until(`order ${status}`, async () => {
    const answer = await fetch(`${base}/orders/${order.id}`, { headers: { authorization: `Bearer operator:x` } });
    const now = Order.parse(await answer.json());
    return now.status === status ? now : null;
  });
}

async function published(order: Order): Promise<{ type: string; aggregate_version: number }[]> {
  const { rows } = await db.query<{ type: string; aggregate_version: number }>(
    `select type, aggregate_version from outbox where key = $1 and aggregate_type = 'order' order by seq`,
    [order.id],
  );
  return rows;
}

async function transitions(order: Order): Promise<string[]> {
  const { rows } = await db.query<{ to_status: string }>(
    'select to_status from order_transitions where order_id = $1 order by seq',
    [order.id],
  );
  return rows.map(({ to_status }) => to_status);
}

test('a paid order is confirmed, with gapless versions and a line of log per step', async () => {
  const order = await place();
  await reaches(order, 'screened');
  await tellReserved(order);
  await reaches(order, 'reserved');
  await tellPaid(order);
  await reaches(order, 'confirmed');
  expect(await transitions(order)).toEqual(['created', 'screened', 'reserved', 'paid', 'confirmed']);
  expect(await published(order)).toEqual([
    { type: 'order.created', aggregate_version: 1 },
    { type: 'order.screened', aggregate_version: 2 },
    { type: 'order.confirmed', aggregate_version: 3 },
  ]);
  const lines = logLines.map((line) => JSON.parse(line)).filter((line) => line.orderId === order.id);
  expect(lines.map((line) => line.message)).toEqual([
    'order created',
    'order screened',
    'order reserved',
    'order paid',
    'order confirmed',
  ]);
});

test('a payment read before its reservation confirms the order; the reservation is absorbed', async () => {
  const order = await place();
  await reaches(order, 'screened');
  await tellPaid(order);
  await reaches(order, 'confirmed');
  await tellReserved(order);
  await until('the reservation is noted', async () => {
    const { rows } = await db.query('select 1 from orders where id = $1 and reservation_id is not null', [order.id]);
    return rows.length > 0 ? true : null;
  });
  expect(await transitions(order)).toEqual(['created', 'screened', 'paid', 'confirmed']);
});

test('a declined card cancels the order only after the stock was released', async () => {
  const order = await place('tok_declined');
  await reaches(order, 'screened');
  await tellReserved(order);
  await tellDeclined(order);
  await reaches(order, 'compensating');
  await tell(order, 'inventory.released', { reservationId: newId(), reason: 'payment_failed' });
  const cancelled = await reaches(order, 'cancelled');
  expect(cancelled.cancelReason).toBe('payment_failed');
  expect((await published(order)).map(({ type }) => type)).toEqual([
    'order.created',
    'order.screened',
    'order.compensating',
    'order.cancelled',
  ]);
});

test('missing stock cancels the order', async () => {
  const order = await place();
  await reaches(order, 'screened');
  await tell(order, 'inventory.rejected', { shortages: [{ sku: 'LAMP-014', requested: 2, available: 0 }] });
  expect((await reaches(order, 'cancelled')).cancelReason).toBe('out_of_stock');
});

test('a suspected fraud is cancelled at once', async () => {
  inference.score = { score: 0.97, decision: 'reject', model: 'lexical', reasons: ['velocity'] };
  const order = await place();
  expect((await reaches(order, 'cancelled')).cancelReason).toBe('fraud_suspected');
  expect((await published(order)).map(({ type }) => type)).toEqual([
    'order.created',
    'order.screened',
    'order.cancelled',
  ]);
});

test('while the fraud model does not answer the rule decides, and the event says so', async () => {
  inference.score = null;
  const order = await place();
  await reaches(order, 'screened');
  const { rows } = await db.query<{ payload: { data: { model: string } } }>(
    `select payload from outbox where key = $1 and type = 'order.screened'`,
    [order.id],
  );
  expect(rows[0]?.payload.data.model).toBe('rule');
});

test('a fact that contradicts the order is dead-lettered and changes nothing', async () => {
  const order = await place();
  await reaches(order, 'screened');
  await tellPaid(order);
  const before = await reaches(order, 'confirmed');
  await tellDeclined(order);
  await until('the message is parked', async () => {
    const { rows } = await db.query(`select 1 from parked where key = $1 and event = 'payment.failed'`, [order.id]);
    return rows.length > 0 ? true : null;
  });
  expect(await reaches(order, 'confirmed')).toEqual(before);
});

// Last, since pricing stays down.
test('while pricing is down an order is refused with Retry-After and nothing is stored', async () => {
  await pricing.stop();
  const { token, basket, customerId } = shopper();
  const key = newId();
  const { status, headers } = await send(basket, { token, key });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('1');
  expect(await countOrdersOf(customerId)).toBe(0);
  const { rows } = await db.query('select 1 from idempotency_keys where key = $1', [key]);
  expect(rows).toEqual([]);
});
