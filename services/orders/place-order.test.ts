import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Order } from '#contracts/http/orders.ts';
import { newId } from '#kit/ids.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { type FakePricing, signingKey, startPricing } from './testing/fakes.ts';
import { type OrdersUnderTest, shopper, startOrders } from './testing/orders-under-test.ts';

let postgres: TestPostgres;
let pricing: FakePricing;
let orders: OrdersUnderTest;

beforeAll(async () => {
  [postgres, pricing] = await Promise.all([startPostgres(), startPricing()]);
  orders = await startOrders({ databaseUrl: await postgres.createDatabase(), pricing });
}, 60_000);

afterAll(async () => {
  await orders?.stop();
  await Promise.all([pricing?.stop(), postgres?.stop()]);
});

beforeEach(() => {
  pricing.key = signingKey;
});

async function countOrdersOf(customerId: string): Promise<number> {
  const { rows } = await orders.db.query<{ count: number }>('select count(*) from orders where customer_id = $1', [
    customerId,
  ]);
  return rows[0]?.count ?? 0;
}

test('an accepted order is stored whole: order, lines, outbox row, first transition', async () => {
  const { token, basket, customerId } = shopper();
  const { status, headers, body } = await orders.send(basket, { token });
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
  const { rows } = await orders.db.query(
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
  const first = await orders.send(basket, { token, key });
  const again = await orders.send({ items: basket.items, customerId }, { token, key });
  expect(again.status).toBe(202);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(await countOrdersOf(customerId)).toBe(1);
});

test('a key sent many times at once makes one order; the others get it or are told to wait', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const answers = await Promise.all(Array.from({ length: 8 }, () => orders.send(basket, { token, key })));
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
  await orders.send(one.basket, { token: one.token, key });
  const changed = await orders.send({ ...one.basket, items: [{ sku: 'LAMP-014', qty: 3 }] }, { token: one.token, key });
  expect(changed.status).toBe(422);
  expect((await orders.send(other.basket, { token: other.token, key })).status).toBe(202);
});

test('a request that is overtaken by another with its key adds no second order and gets the answer of the first', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const calls = pricing.calls;
  const priced = Promise.withResolvers<void>();
  pricing.gate = priced.promise;
  const slow = orders.send(basket, { token, key });
  await until('the slow request waits for its price', () => (pricing.calls > calls ? true : null));
  pricing.gate = Promise.resolve();
  const second = await orders.send(basket, { token, key });
  expect(second.status).toBe(202);
  priced.resolve();
  expect(await slow).toMatchObject({ status: 202, body: second.body });
  expect((await slow).headers.get('idempotent-replayed')).toBe('true');
  expect(await countOrdersOf(customerId)).toBe(1);
});

test('an unknown SKU is named, nothing is stored, and the key may be used again', async () => {
  const { token, basket, customerId } = shopper();
  const key = newId();
  const refused = await orders.send({ customerId, items: [{ sku: 'GHOST-1', qty: 1 }] }, { token, key });
  expect(refused.status).toBe(422);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body.detail).toContain('GHOST-1');
  expect(await countOrdersOf(customerId)).toBe(0);
  expect((await orders.send(basket, { token, key })).status).toBe(202);
});

test('a quote that pricing did not sign is not sold on', async () => {
  const { token, basket, customerId } = shopper();
  pricing.key = 'somebody-else';
  expect((await orders.send(basket, { token })).status).toBe(502);
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
  expect((await orders.send({ ...basket, ...change }, { token })).status).toBe(422);
  expect(await countOrdersOf(customerId)).toBe(0);
});

test('malformed JSON and a missing Idempotency-Key are bad requests', async () => {
  const { token, basket } = shopper();
  expect((await orders.send('{"customerId":', { token })).status).toBe(400);
  expect((await orders.send(basket, { token, key: null })).status).toBe(400);
});

test('a shopper orders for themselves only, an operator for anybody, an auditor for nobody', async () => {
  const { basket, customerId } = shopper();
  expect((await orders.send(basket, { token: `shopper:${newId()}` })).status).toBe(403);
  expect((await orders.send(basket, { token: `auditor:${newId()}` })).status).toBe(403);
  expect(await countOrdersOf(customerId)).toBe(0);
  expect((await orders.send(basket, { token: `operator:${newId()}` })).status).toBe(202);
});

test('an order is shown to its owner and to staff, and does not exist for other shoppers', async () => {
  const { token, basket } = shopper();
  const { body } = await orders.send(basket, { token });
  const get = (as: string) => fetch(`${orders.base}/orders/${body.id}`, { headers: { authorization: `Bearer ${as}` } });
  expect(Order.parse(await (await get(token)).json())).toMatchObject({ id: body.id, lines: body.lines });
  expect((await get(`auditor:${newId()}`)).status).toBe(200);
  expect((await get(shopper().token)).status).toBe(404);
});

// Last, since pricing stays down.
test('while pricing is down an order is refused with Retry-After and nothing is stored', async () => {
  await pricing.stop();
  const { token, basket, customerId } = shopper();
  const key = newId();
  const { status, headers } = await orders.send(basket, { token, key });
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('1');
  expect(await countOrdersOf(customerId)).toBe(0);
  const { rows } = await orders.db.query('select 1 from idempotency_keys where key = $1', [key]);
  expect(rows).toEqual([]);
});
