import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAppError } from '#contracts/errors.ts';
import type { Charge, ChargeCreate } from '#contracts/http/payments.ts';
import { answerDelayMs, cardBehaviour } from './card-behaviour.ts';
import { decideCharge, decideRefund } from './charge.ts';

const at = new Date('2026-11-22T10:00:00.000Z');
const made = { id: 'ch_1', at };

function request(token: ChargeCreate['payment']['token'], amountMinor = 1999): ChargeCreate {
  return {
    amount: { amountMinor, currency: 'EUR' },
    payment: { token },
    reference: '0193a1de-0000-7000-8000-000000000001',
  };
}

test.each([
  ['tok_visa', null],
  ['tok_slow', null],
  ['tok_flaky', null],
  ['tok_declined', 'card_declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_expired', 'expired_card'],
] as const)('%s ends with decline code %s', (token, declineCode) => {
  const { charge, movement } = decideCharge(request(token), made);
  expect(charge.declineCode).toBe(declineCode);
  expect(charge.status).toBe(declineCode === null ? 'succeeded' : 'declined');
  expect(movement === null).toBe(declineCode !== null);
});

test('answers a good card within 5 to 20 ms and a slow one after 4 s', () => {
  expect(answerDelayMs(cardBehaviour('tok_visa'), () => 0)).toBe(5);
  expect(answerDelayMs(cardBehaviour('tok_visa'), () => 0.999)).toBe(20);
  expect(answerDelayMs(cardBehaviour('tok_slow'), () => 0.5)).toBe(4000);
});

test('never refunds more than was captured, whatever is asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.array(fc.integer({ min: 1, max: 6_000 })), (captured, asks) => {
      let charge: Charge = decideCharge(request('tok_visa', captured), made).charge;
      let moved = 0;
      for (const amountMinor of asks) {
        try {
          const { movement } = decideRefund(charge, { amountMinor, currency: 'EUR' }, { id: 're_1', at });
          moved += movement.amountMinor;
          charge = { ...charge, refunded: { amountMinor: moved, currency: 'EUR' } };
        } catch (error) {
          expect(isAppError(error, 'unprocessable')).toBe(true);
          expect(moved + amountMinor).toBeGreaterThan(captured);
        }
      }
      expect(moved).toBeLessThanOrEqual(captured);
    }),
  );
});

test('refuses a refund of a declined charge, in another currency, or of nothing', () => {
  const declined = decideCharge(request('tok_declined'), made).charge;
  const paid = decideCharge(request('tok_visa'), made).charge;
  const refused = [
    () => decideRefund(declined, { amountMinor: 1, currency: 'EUR' }, { id: 're_1', at }),
    () => decideRefund(paid, { amountMinor: 1, currency: 'USD' }, { id: 're_1', at }),
    () => decideRefund(paid, { amountMinor: 0, currency: 'EUR' }, { id: 're_1', at }),
  ];
  for (const refuse of refused) expect(refuse).toThrow(expect.objectContaining({ code: 'unprocessable' }));
});
