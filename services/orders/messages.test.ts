import { expect, test } from 'vitest';
import { toMessage } from './messages.ts';
import { anOrder } from './order.builder.ts';

const cause = { messageId: '01890000-0000-7000-8000-0000000000f1', causationId: null, producer: 'orders' };

test('a created order carries everything that the next steps need', () => {
  const order = anOrder();
  const message = toMessage(order, { type: 'order.created' }, cause);
  expect(message).toMatchObject({
    event: 'order.created',
    data: {
      orderId: order.id,
      items: [{ sku: 'LAMP-014', qty: 2 }],
      payment: { token: 'tok_visa' },
      total: order.total,
    },
    metadata: {
      id: cause.messageId,
      correlationId: order.id,
      sagaId: order.sagaId,
      aggregateVersion: 1,
      causationId: null,
    },
  });
});

test('a message has the version and the time of the state after its event', () => {
  const order = anOrder({ status: 'confirmed', version: 3, chargeId: 'ch_1', updatedAt: '2026-11-22T10:00:02.000Z' });
  const { metadata, data } = toMessage(order, { type: 'order.confirmed' }, { ...cause, causationId: order.id });
  expect(metadata).toMatchObject({ aggregateVersion: 3, occurredAt: order.updatedAt, causationId: order.id });
  expect(data).toMatchObject({ chargeId: 'ch_1', confirmedAt: order.updatedAt });
});
