import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventOf } from '#contracts/events/registry.ts';
import type { Charge } from '#contracts/http/payments.ts';
import { chargeEntries } from './ledger.ts';
import { chargeKey, openPayment, settle } from './payment.ts';

const orderId = '0193a1de-0000-7000-8000-000000000001';
const reserved: EventOf<'inventory.reserved'> = {
  event: 'inventory.reserved',
  version: '1.0.0',
  data: {
    orderId,
    customerId: '0193a1de-0000-7000-8000-00000000000c',
    items: [{ sku: 'LAMP-014', qty: 1 }],
    total: { amountMinor: 1999, currency: 'EUR' },
    payment: { token: 'tok_visa' },
    reservationId: '0193a1de-0000-7000-8000-00000000000d',
    reservedAt: '2026-11-22T10:00:00.000Z',
  },
  metadata: {
    id: '0193a1de-0000-7000-8000-00000000000e',
    occurredAt: '2026-11-22T10:00:00.000Z',
    correlationId: orderId,
    causationId: null,
    sagaId: '0193a1de-0000-7000-8000-00000000000f',
    aggregateVersion: 1,
    producer: 'inventory',
  },
};

function charge(over: Partial<Charge> = {}): Charge {
  return {
    id: 'ch_1',
    status: 'succeeded',
    declineCode: null,
    amount: { amountMinor: 1999, currency: 'EUR' },
    refunded: { amountMinor: 0, currency: 'EUR' },
    reference: orderId,
    createdAt: '2026-11-22T10:00:01.000Z',
    ...over,
  };
}

const opened = openPayment(reserved, 'p-1');

test('books a successful charge and announces it as version 1', () => {
  const settlement = settle(opened, charge(), 't-1');
  expect(settlement).toMatchObject({
    event: 'payment.succeeded',
    payment: { status: 'succeeded', chargeId: 'ch_1', version: 1 },
    ledger: { kind: 'charge', providerReference: 'ch_1' },
  });
});

test('books nothing for a declined card', () => {
  const settlement = settle(opened, charge({ status: 'declined', declineCode: 'insufficient_funds' }), 't-1');
  expect(settlement).toMatchObject({
    event: 'payment.failed',
    ledger: null,
    payment: { status: 'failed', declineCode: 'insufficient_funds', chargeId: null, version: 1 },
  });
});

test('settles once: a second answer changes nothing', () => {
  const settlement = settle(opened, charge(), 't-1');
  expect(settlement && settle(settlement.payment, charge(), 't-2')).toBeNull();
});

test.each([
  ['another order', { reference: '0193a1de-0000-7000-8000-000000000009' }],
  ['another amount', { amount: { amountMinor: 1, currency: 'EUR' as const } }],
  ['another currency', { amount: { amountMinor: 1999, currency: 'USD' as const } }],
])('refuses a charge of %s', (_, over) => {
  expect(() => settle(opened, charge(over), 't-1')).toThrow(expect.objectContaining({ code: 'internal' }));
});

test('charges an order under one key whatever event asks for it', () => {
  expect(chargeKey(orderId)).toBe(chargeKey(openPayment({ ...reserved }, 'p-2').orderId));
});

test('every booked charge sums to 0', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (amountMinor) => {
      const sum = chargeEntries({ amountMinor, currency: 'EUR' }).reduce(
        (total, entry) => total + entry.amountMinor,
        0,
      );
      expect(sum).toBe(0);
    }),
  );
});
