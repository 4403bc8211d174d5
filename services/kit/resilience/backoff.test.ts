import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { fullJitterMs, retryDelayMs } from './backoff.ts';

test('the ceiling doubles up to its cap, and all below it is possible', () => {
  expect([1, 2, 3, 20].map((attempt) => fullJitterMs(attempt, () => 1))).toEqual([100, 200, 400, 10_000]);
  expect(fullJitterMs(20, () => 1, 500)).toBe(500);
  expect(fullJitterMs(3, () => 0)).toBe(0);
  expect(fullJitterMs(3, () => 0.5)).toBe(200);
});

test('a Retry-After is obeyed, up to a second', () => {
  const limited = (retryAfterSeconds: number) => new AppError('rate_limited', 'slow down', { retryAfterSeconds });
  expect(retryDelayMs(1, limited(0.3), () => 1)).toBe(300);
  expect(retryDelayMs(1, limited(60), () => 1)).toBe(1_000);
  expect(retryDelayMs(1, new AppError('unavailable', 'down'), () => 1)).toBe(100);
});
