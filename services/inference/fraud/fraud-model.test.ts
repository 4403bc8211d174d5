import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FraudFeatures, scoreFeatures } from './fraud-model.ts';

const calm: FraudFeatures = { totalMinor: 6900, largestLineQty: 1, lineCount: 1, recentOrders: 0 };
const anything = fc.record({
  totalMinor: fc.integer({ min: 0, max: 100_000_000 }),
  largestLineQty: fc.integer({ min: 1, max: 1000 }),
  lineCount: fc.integer({ min: 1, max: 50 }),
  recentOrders: fc.integer({ min: 0, max: 5000 }),
});

test('an ordinary basket scores zero and has no reasons', () => {
  expect(scoreFeatures(calm)).toMatchObject({ score: 0, decision: 'accept', reasons: [] });
});

test('any basket up to 2 000 passes, however fast the customer orders', () => {
  fc.assert(
    fc.property(anything, (features) => {
      expect(scoreFeatures({ ...features, totalMinor: Math.min(features.totalMinor, 2_000_00) }).decision).toBe(
        'accept',
      );
    }),
  );
});

test('a basket of 15 000 is rejected, and the total is the first reason', () => {
  const scored = scoreFeatures({ ...calm, totalMinor: 15_000_00, recentOrders: 100 });
  expect(scored.decision).toBe('reject');
  expect(scored.reasons[0]).toContain('15000.00');
  expect(scored.reasons).toHaveLength(2);
});

test('the score stays within 0 and 1 and never falls when a feature grows', () => {
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom<keyof FraudFeatures>('totalMinor', 'largestLineQty', 'lineCount', 'recentOrders'),
      (features, name) => {
        const { score } = scoreFeatures(features);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(scoreFeatures({ ...features, [name]: features[name] * 2 }).score).toBeGreaterThanOrEqual(score);
      },
    ),
  );
});
