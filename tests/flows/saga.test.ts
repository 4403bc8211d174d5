import { describe, expect, test } from 'vitest';
import type { OrderCreate, SagaStyle } from '#contracts/http/orders.ts';
import type { OrderSaga } from '#contracts/http/sagas.ts';
import { scarceSkus } from '#contracts/seed/products.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { shop, ledgers } = await onFleet();

const styles = ['choreography', 'orchestration'] as const;

const sagaOf = async (id: string) => (await shop.request('GET', `/orders/${id}/saga`)).body as unknown as OrderSaga;
const cancel = (id: string) => shop.request('POST', `/orders/${id}/cancel`);

/** Places an order and waits until its stock is reserved and its card is being charged. */
async function beingPaid(order: Omit<Partial<OrderCreate>, 'payment'>): Promise<string> {
  const id = await shop.placed({ ...order, payment: { token: 'tok_slow' } });
  await until('the provider has charged', async () => ((await ledgers.captures()).get(id) === 1 ? true : null));
  return id;
}

/** The order is cancelled, and neither its stock nor its customer's money is held. */
async function isUndone(id: string, reason: string, refunds: number): Promise<void> {
  const { order, timeline } = await shop.finished(id, 60_000);
  expect(order).toMatchObject({ status: 'cancelled', cancelReason: reason });
  expect(timeline.map(({ event }) => event)).toContain(refunds > 0 ? 'payment.refunded' : 'order.cancelled');
  expect(await ledgers.reservation(id)).not.toBe('active');
  expect((await ledgers.captures()).get(id) ?? 0).toBe(refunds);
  expect((await ledgers.refunds()).get(id) ?? 0).toBe(refunds);
  expect((await ledgers.refundsBooked()).get(id) ?? 0).toBe(refunds);
  const { body } = await shop.request('GET', `/mailbox?orderId=${id}`);
  expect(JSON.stringify(body)).not.toContain('order_confirmed');
}

describe('an orchestrated order', () => {
  test('goes along the table of steps, by commands, and ends like a choreographed one', async () => {
    const id = await shop.placed({ sagaStyle: 'orchestration' });
    const { order } = await shop.finished(id);
    expect(order).toMatchObject({ status: 'confirmed', sagaStyle: 'orchestration' });
    const saga = await until('the saga is completed', async () => {
      const found = await sagaOf(id);
      return found.phase === 'completed' ? found : null;
    });
    expect(saga.steps.map(({ name, state, attempts }) => `${name} ${state} ${attempts}`)).toEqual([
      'price done 1',
      'screen done 1',
      'reserve done 1',
      'charge done 1',
      'confirm done 1',
      'ship done 1',
      'invoice done 1',
      'notify done 1',
      'apologise pending 0',
    ]);
    const { timeline } = await until('history has heard of the mail', async () => {
      const found = await shop.finished(id);
      return found.timeline.some(({ event }) => event === 'notification.sent') ? found : null;
    });
    const told = timeline.map(({ event }) => event);
    for (const command of ['inventory.reserve', 'billing.charge', 'inventory.commit', 'workers.issue_invoice']) {
      expect(told.filter((event) => event === command)).toHaveLength(1);
    }
    expect((await ledgers.captures()).get(id)).toBe(1);
    expect(await ledgers.invoices(id)).toBe(1);
    expect(await ledgers.reservation(id)).toBe('committed');
  });

  test.each([
    ['a declined card', { payment: { token: 'tok_declined' } }, 'payment_failed', 'released'],
    ['too little stock', { items: [{ sku: scarceSkus.none[0], qty: 1 }] }, 'out_of_stock', 'rejected'],
  ] as [string, Partial<OrderCreate>, string, string][])(
    'is undone and cancelled by %s',
    async (_name, order, reason, reservation) => {
      const id = await shop.placed({ ...order, sagaStyle: 'orchestration' });
      await isUndone(id, reason, 0);
      expect(await ledgers.reservation(id)).toBe(reservation);
      await until('the customer was told', async () =>
        (await sagaOf(id)).steps.find(({ name }) => name === 'apologise')?.state === 'done' ? true : null,
      );
    },
  );
});

describe.each(styles)('in a %s', (sagaStyle: SagaStyle) => {
  test('an order that is cancelled while its card is being charged is refunded', async () => {
    const id = await beingPaid({ sagaStyle });
    const answer = await cancel(id);
    expect(answer).toMatchObject({ status: 202, body: { cancelReason: 'customer_request' } });
    expect((await cancel(id)).status).toBe(202);
    await isUndone(id, 'customer_request', 1);
  });

  test('an order that is cancelled at once is charged nothing, or gets it back', async () => {
    const id = await shop.placed({ sagaStyle });
    const answer = await cancel(id);
    // The saga may have been quicker; then the order is sold and says so.
    if (answer.status === 409) return expect((await shop.finished(id)).order.status).toBe('confirmed');
    expect(answer.status).toBe(202);
    const { order } = await shop.finished(id);
    expect(order.cancelReason).toBe('customer_request');
    expect((await ledgers.captures()).get(id) ?? 0).toBe((await ledgers.refunds()).get(id) ?? 0);
    expect(await ledgers.reservation(id)).not.toBe('active');
  });

  test('a payment that comes after the deadline is refunded', async () => {
    const id = await beingPaid({ sagaStyle, paymentTimeoutMs: 1_000 });
    await isUndone(id, 'payment_timeout', 1);
    const { timeline } = await shop.finished(id);
    const told = timeline.map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(['order.timed_out', 'payment.succeeded', 'payment.refunded']));
    expect(told.filter((event) => event === 'order.timed_out')).toHaveLength(1);
  });

  test('a sold order cannot be cancelled', async () => {
    const id = await shop.placed({ sagaStyle });
    await shop.finished(id);
    const answer = await until('orders has confirmed it', async () => {
      const refused = await cancel(id);
      return refused.status === 409 ? refused : null;
    });
    expect(answer.body).toMatchObject({ code: 'conflict' });
  });
});

test('the header chooses the style too, and must not contradict the body', async () => {
  const headers = (key: string) => ({ 'idempotency-key': key, 'x-saga-style': 'orchestration' });
  const customerId = (await shop.place({})).body.customerId;
  const body = { customerId, items: [{ sku: 'LAMP-001', qty: 1 }] };
  const placed = await shop.request('POST', '/orders', { body, headers: headers(crypto.randomUUID()) });
  expect(placed).toMatchObject({ status: 202, body: { sagaStyle: 'orchestration' } });
  const refused = await shop.request('POST', '/orders', {
    body: { ...body, sagaStyle: 'choreography' },
    headers: headers(crypto.randomUUID()),
  });
  expect(refused.status).toBe(400);
});

test('billing answers over the bus what has become of the money', async () => {
  const id = await shop.placed();
  await shop.finished(id);
  const answer = await until(
    'the question is answered',
    async () => {
      const found = await shop.request('GET', `/orders/${id}/payment`);
      // 504 is an honest answer too, while the reply topic is being opened.
      return found.status === 200 ? found : null;
    },
    { withinMs: 30_000 },
  );
  expect(answer.body.payment).toMatchObject({ orderId: id, status: 'succeeded', refund: null });
});
