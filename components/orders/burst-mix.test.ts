import { expect, test } from 'vitest';
import { burstSequence, seededRandom, splitCount } from './burst-mix.ts';

test('the mix is kept exactly, the largest remainders rounded up', () => {
  expect(splitCount(50, { happy: 70, declined: 20, outOfStock: 10 })).toEqual({
    happy: 35,
    declined: 10,
    outOfStock: 5,
  });
  expect(splitCount(1, { happy: 1, declined: 1, outOfStock: 1 })).toEqual({ happy: 1, declined: 0, outOfStock: 0 });
  expect(splitCount(7, { happy: 1, declined: 1, outOfStock: 0 })).toEqual({ happy: 4, declined: 3, outOfStock: 0 });
});

test('no weight at all means that everything works', () => {
  expect(splitCount(3, { happy: 0, declined: 0, outOfStock: 0 })).toEqual({ happy: 3, declined: 0, outOfStock: 0 });
});

test('the same seed gives the same sequence, another seed another one', () => {
  const plan = { count: 40, seed: 7, mix: { happy: 2, declined: 1, outOfStock: 1 } };
  expect(burstSequence(plan)).toEqual(burstSequence(plan));
  expect(burstSequence(plan)).not.toEqual(burstSequence({ ...plan, seed: 8 }));
  expect(burstSequence(plan).filter((kind) => kind === 'declined')).toHaveLength(10);
});

test('seeded numbers lie in [0, 1) and spread', () => {
  const random = seededRandom(1);
  const numbers = Array.from({ length: 1000 }, random);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  expect(numbers.reduce((sum, one) => sum + one, 0) / 1000).toBeCloseTo(0.5, 1);
});
