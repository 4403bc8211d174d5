import { expect, test } from 'vitest';
import { FraudScore } from '#contracts/http/fraud.ts';
import { rejectFromMinor, scoreByRule } from './fraud-rule.ts';

function request(amountMinor: number) {
  return {
    orderId: '01890000-0000-7000-8000-000000000001',
    customerId: '01890000-0000-7000-8000-000000000002',
    items: [{ sku: 'LAMP-014', qty: 1 }],
    total: { amountMinor, currency: 'EUR' as const },
  };
}

test('an ordinary total is let through while the model does not answer', () => {
  expect(scoreByRule(request(3998))).toMatchObject({ decision: 'accept', model: 'rule' });
  expect(scoreByRule(request(rejectFromMinor - 1)).decision).toBe('accept');
});

test('a very high total is rejected without a model', () => {
  expect(scoreByRule(request(rejectFromMinor)).decision).toBe('reject');
});

test('the score keeps to the contract and every rejected total scores above every accepted one', () => {
  for (const amount of [0, 1, rejectFromMinor - 1, rejectFromMinor, rejectFromMinor * 1000]) {
    expect(FraudScore.safeParse(scoreByRule(request(amount))).success).toBe(true);
  }
  expect(scoreByRule(request(rejectFromMinor)).score).toBeGreaterThan(scoreByRule(request(rejectFromMinor - 1)).score);
});
