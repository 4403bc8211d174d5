import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createArrivals } from './arrivals.ts';

const plan = fc.record({
  arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
  ratePerSecond: fc.double({ min: 0.1, max: 1_000, noNaN: true }),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

function times(made: ReturnType<typeof createArrivals>, count: number): number[] {
  return Array.from({ length: count }, () => {
    const dueMs = made.nextMs();
    made.advance();
    return dueMs;
  });
}

test('the same plan gives the same times, and they never go back', () => {
  fc.assert(
    fc.property(plan, (given) => {
      const first = times(createArrivals(given), 50);
      expect(times(createArrivals(given), 50)).toEqual(first);
      for (const [index, ms] of first.entries()) expect(ms).toBeGreaterThanOrEqual(first[index - 1] ?? 0);
    }),
  );
});

test('another seed gives other times', () => {
  const given = { arrivals: 'poisson', ratePerSecond: 10 } as const;
  expect(times(createArrivals({ ...given, seed: 1 }), 5)).not.toEqual(times(createArrivals({ ...given, seed: 2 }), 5));
});

test('constant arrivals are evenly apart, from the start on', () => {
  const given = { arrivals: 'constant', ratePerSecond: 4, seed: 1 } as const;
  expect(times(createArrivals(given), 4)).toEqual([0, 250, 500, 750]);
});

test('poisson arrivals keep the rate, with gaps as different as their mean', () => {
  const due = times(createArrivals({ arrivals: 'poisson', ratePerSecond: 100, seed: 7 }), 20_000);
  const gaps = due.map((ms, index) => ms - (due[index - 1] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(mean).toBeGreaterThan(9.5);
  expect(mean).toBeLessThan(10.5);
  expect(deviation / mean).toBeGreaterThan(0.95);
  expect(deviation / mean).toBeLessThan(1.05);
});

test('a change of the rate shortens the wait that has begun, and leaves alone what is overdue', () => {
  const waiting = createArrivals({ arrivals: 'constant', ratePerSecond: 1, seed: 1 });
  waiting.advance();
  waiting.changeRate(10, 500);
  expect(times(waiting, 3)).toEqual([550, 650, 750]);
  const overdue = createArrivals({ arrivals: 'constant', ratePerSecond: 1, seed: 1 });
  overdue.advance();
  overdue.changeRate(10, 3_000);
  expect(times(overdue, 2)).toEqual([1_000, 1_100]);
});
