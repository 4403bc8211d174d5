import { expect, test } from 'vitest';
import { events } from '#contracts/events/events.ts';
import { toMessage } from './messages.ts';
import type { PublishedOrderEvent } from './order.ts';
import { anOrder } from './testing/order.builder.ts';

const order = anOrder({ status: 'confirmed', version: 3, chargeId: 'ch_1', updatedAt: '2026-11-22T10:00:02.000Z' });

const published: PublishedOrderEvent[] = [
  { type: 'order.created' },
  { type: 'order.screened', score: 0.2, decision: 'accept', model: 'rule', reasons: [] },
  { type: 'order.cancellation_requested', requestedBy: 'customer' },
  { type: 'order.timed_out', timer: 'payment', attempt: 1, dueAt: '2026-11-22T10:01:00.000Z' },
  { type: 'order.compensating', reason: 'payment_failed', attempt: 1 },
  { type: 'order.compensation_stuck', reason: 'payment_timeout', waitingFor: ['billing'], attempts: 2 },
  { type: 'order.confirmed' },
  { type: 'order.cancelled', reason: 'payment_failed', detail: 'The card was declined.' },
];

test.each(published)('$type keeps to its contract', (event) => {
  const message = toMessage(order, event);
  const schema = events[message.event].data;
  expect(message.event).toBe(event.type);
  expect(schema.strict().parse(message.data)).toEqual(message.data);
});

test('a created order carries everything that the next steps need', () => {
  expect(toMessage(order, { type: 'order.created' }).data).toMatchObject({
    orderId: order.id,
    items: [{ sku: 'LAMP-014', qty: 2 }],
    payment: { token: 'tok_visa' },
    total: order.total,
    quoteSignature: order.quoteSignature,
  });
});

test('a confirmation without a charge is a bug', () => {
  expect(() => toMessage({ ...order, chargeId: null }, { type: 'order.confirmed' })).toThrow('without a charge');
});
