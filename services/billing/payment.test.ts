import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Charge } from '#contracts/http/payments.ts';
import { chargeEntries, refundEntries } from './ledger.ts';
import { chargeKey, openPayment, settle } from './payment.ts';
import { decideUndo, refundBackoffMs, refunded, voidedPayment } from './undo.ts';

const orderId = '0193a1de-0000-7000-8000-000000000001';
const request = {
  orderId,
  sagaId: '0193a1de-0000-7000-8000-00000000000f',
  customerId: '0193a1de-0000-7000-8000-00000000000c',
  total: { amountMinor: 1999, currency: 'EUR' as const },
  payment: { token: 'tok_visa' as const },
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

const opened = openPayment(request, 'p-1');

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
  expect(chargeKey(orderId)).toBe(chargeKey(openPayment({ ...request }, 'p-2').orderId));
});

test('undoing means what the payment needs: forbid it, wait for it, give it back, or nothing', () => {
  const settled = settle(opened, charge(), 't-1')?.payment ?? opened;
  expect(decideUndo(null)).toBe('void');
  expect(decideUndo(opened)).toBe('await');
  expect(decideUndo(settled)).toBe('refund');
  expect(decideUndo({ ...settled, undoReason: 'customer_request' })).toBe('nothing');
  expect(decideUndo(voidedPayment(opened, 'customer_request'))).toBe('nothing');
  expect(decideUndo({ ...opened, status: 'failed' })).toBe('nothing');
});

test('a charge that comes after the void is not made: the payment is settled for ever', () => {
  expect(settle(voidedPayment(opened, 'customer_request'), charge(), 't-1')).toBeNull();
});

test('a refund turns the charge round, once', () => {
  const settled = settle(opened, charge(), 't-1')?.payment ?? opened;
  const done = refunded({ ...settled, undoReason: 'payment_timeout' }, 're_1', 't-2');
  expect(done?.payment).toMatchObject({ status: 'refunded', chargeId: 'ch_1', version: 2 });
  expect(done?.ledger).toMatchObject({ kind: 'refund', providerReference: 're_1' });
  expect(done && refunded(done.payment, 're_1', 't-3')).toBeNull();
});

test('pauses between tries of a refund grow to a minute and no further', () => {
  expect([1, 2, 3, 20].map((attempt) => refundBackoffMs(attempt, () => 1))).toEqual([1_000, 2_000, 4_000, 60_000]);
});

test('every booked charge sums to 0, and with its refund each account does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (amountMinor) => {
      const sum = chargeEntries({ amountMinor, currency: 'EUR' }).reduce(
        (total, entry) => total + entry.amountMinor,
        0,
      );
      expect(sum).toBe(0);
      const [receivable = 0, sales = 0] = refundEntries({ amountMinor, currency: 'EUR' }).map(
        (entry) => entry.amountMinor,
      );
      expect([receivable, sales]).toEqual([-amountMinor, amountMinor]);
    }),
  );
});
