import { describe, expect, test } from 'vitest';
import { ErrorBudget } from '#contracts/sandbox/experiment-file.ts';
import { type BurnPoint, burnOver, burnRate, exhausted } from './burn.ts';

const budget = ErrorBudget.parse({ objective: 0.99, window: '10s', burn: 20 });
const point = (atMs: number, ok: number, fail = 0, info = 0): BurnPoint => ({ atMs, ok, fail, info });

test('the burn rate is 1 when exactly the error budget is spent', () => {
  expect(burnRate({ ok: 9_995, fail: 3, info: 2 }, 0.9995)).toBeCloseTo(1);
  expect(burnRate({ ok: 0, fail: 0, info: 0 }, 0.9995)).toBeNull();
});

describe('over a window', () => {
  test('only what came within it counts', () => {
    const points = [point(0, 0), point(5_000, 90, 10), point(15_000, 190, 10), point(16_000, 200, 10)];
    expect(burnOver(points.slice(0, 2), budget)?.rate).toBeCloseTo(10);
    expect(burnOver(points, budget)).toEqual({ rate: 0, bad: 0, answered: 110 });
  });

  test('a request without a good answer counts as one that was refused', () => {
    expect(burnOver([point(0, 0), point(1_000, 80, 10, 10)], budget)?.rate).toBeCloseTo(20);
  });

  test('too few answers tell nothing', () => {
    expect(burnOver([], budget)).toBeNull();
    expect(burnOver([point(0, 0), point(1_000, 0, 9)], budget)).toBeNull();
    expect(burnOver([point(0, 0), point(1_000, 0, 10)], budget)?.rate).toBeCloseTo(100);
  });
});

test('it is exhausted beyond the limit, and says by how much', () => {
  expect(exhausted({ rate: 20, bad: 20, answered: 100 }, budget)).toBeNull();
  expect(exhausted(null, budget)).toBeNull();
  expect(exhausted({ rate: 25, bad: 25, answered: 100 }, budget)).toBe(
    'the error budget is exhausted: 25 of 100 requests of the last 10s had no good answer, 25.0 times what 99 % allows; 20 times is the limit',
  );
});
