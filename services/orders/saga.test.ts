import type { Producer } from 'kafkajs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type EventData, type EventName, events } from '#contracts/events/events.ts';
import { makeEvent } from '#contracts/events/registry.ts';
import { Order, type OrderCreate } from '#contracts/http/orders.ts';
import { newId } from '#kit/ids.ts';
import { startBroker, type TestBroker } from '#tests/support/broker.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { type FakeInference, type FakePricing, startInference, startPricing } from './testing/fakes.ts';
import { type OrdersUnderTest, shopper, startOrders } from './testing/orders-under-test.ts';

// The choreography as orders sees it, over a real broker; inventory and billing are played by the test.

let postgres: TestPostgres;
let broker: TestBroker;
let pricing: FakePricing;
let inference: FakeInference;
let orders: OrdersUnderTest;
let producer: Producer;
let databaseUrl: string;

beforeAll(async () => {
  [postgres, broker, pricing, inference] = await Promise.all([
    startPostgres(),
    startBroker(),
    startPricing(),
    startInference(),
  ]);
  const saga = { brokers: broker.address, inferenceUrl: inference.url };
  databaseUrl = await postgres.createDatabase();
  const started = await startOrders({ databaseUrl, pricing, saga });
  orders = started;
  if (started.kafka === null) throw new Error('orders runs without a broker');
  producer = started.kafka.producer();
  await producer.connect();
}, 90_000);

afterAll(async () => {
  await producer?.disconnect();
  await orders?.stop();
  await Promise.all([pricing?.stop(), inference?.stop(), broker?.stop(), postgres?.stop()]);
}, 30_000);

beforeEach(() => {
  inference.score = { score: 0.1, decision: 'accept', model: 'lexical', reasons: [] };
});

async function place(payment = 'tok_visa', more: Partial<OrderCreate> = {}): Promise<Order> {
  const { token, basket } = shopper();
  return (await orders.send({ ...basket, ...more, payment: { token: payment } }, { token })).body;
}

async function cancel(order: Order, token = `shopper:${order.customerId}`): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${orders.base}/orders/${order.id}/cancel`, { method: 'POST', headers })).status;
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
    const answer = await fetch(`${orders.base}/orders/${order.id}`, {
      headers: { authorization: `Bearer operator:x` },
    });
    const now = Order.parse(await answer.json());
    return now.status === status ? now : null;
  });
}

async function published(order: Order): Promise<{ type: string; aggregate_version: number }[]> {
  const { rows } = await orders.db.query<{ type: string; aggregate_version: number }>(
    `select type, aggregate_version from outbox where key = $1 and aggregate_type = 'order' order by seq`,
    [order.id],
  );
  return rows;
}

async function transitions(order: Order): Promise<string[]> {
  const { rows } = await orders.db.query<{ to_status: string }>(
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
  const lines = orders.logged().filter((line) => line.orderId === order.id);
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
    const { rows } = await orders.db.query('select 1 from orders where id = $1 and reservation_id is not null', [
      order.id,
    ]);
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
  const { rows } = await orders.db.query<{ payload: { data: { model: string } } }>(
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
    const { rows } = await orders.db.query(`select 1 from parked where key = $1 and event = 'payment.failed'`, [
      order.id,
    ]);
    return rows.length > 0 ? true : null;
  });
  expect(await reaches(order, 'confirmed')).toEqual(before);
});

test.each(['choreography', 'orchestration'] as const)(
  'in a %s a compensation that nobody answers is asked for again, is seen to be stuck, and ends when it is answered',
  async (sagaStyle) => {
    const order = await place('tok_visa', { sagaStyle });
    await reaches(order, 'screened');
    if (sagaStyle === 'orchestration') await tellReserved(order);
    if (sagaStyle === 'orchestration') await reaches(order, 'reserved');
    expect(await cancel(order)).toBe(202);
    await reaches(order, 'compensating');
    const stuck = await until('it is seen to be stuck', async () => {
      const now = await reaches(order, 'compensating');
      return now.stuckSince === null ? null : now;
    });
    expect(stuck).toMatchObject({ cancelReason: 'customer_request' });
    const line = orders.logged().find((one) => one.orderId === order.id && one.message === 'compensation is stuck');
    expect(line).toMatchObject({ level: 'error', runbook: 'docs/runbooks/stuck-compensation.md' });
    const repeated = sagaStyle === 'choreography' ? 'order.compensating' : 'inventory.release';
    const { rows } = await orders.db.query('select 1 from outbox where key = $1 and type = $2', [order.id, repeated]);
    expect(rows.length).toBeGreaterThan(1);

    await tell(order, 'inventory.released', { reservationId: newId(), reason: 'customer_request' });
    await tell(order, 'payment.voided', { paymentId: newId(), reason: 'customer_request' });
    expect(await reaches(order, 'cancelled')).toMatchObject({ stuckSince: null, cancelReason: 'customer_request' });
  },
);

test('an order of somebody else cannot be cancelled, nor seen to exist', async () => {
  const order = await place();
  expect(await cancel(order, `shopper:${newId()}`)).toBe(404);
  expect(await cancel(order, 'auditor:x')).toBe(403);
  expect((await reaches(order, 'screened')).cancelReason).toBeNull();
});

test('a deadline outlives the process that set it, and is told once', async () => {
  const order = await place('tok_visa', { paymentTimeoutMs: 2_000 });
  await reaches(order, 'screened');
  await orders.stop();
  orders = await startOrders({ databaseUrl, pricing, saga: { brokers: broker.address, inferenceUrl: inference.url } });
  await reaches(order, 'compensating');
  expect((await published(order)).filter(({ type }) => type === 'order.timed_out')).toHaveLength(1);
}, 60_000);
