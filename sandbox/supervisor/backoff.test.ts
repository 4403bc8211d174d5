import { expect, test } from 'vitest';
import { backoffDelay, defaultBackoff, recentCrashes } from './backoff.ts';

test('each crash doubles the pause up to the longest', () => {
  const delays = [1, 2, 3, 4].map((count) => backoffDelay(count, 0.5, { ...defaultBackoff, maxMs: 1_500 }));
  expect(delays).toEqual([250, 500, 1_000, 1_500]);
});

test('a crash loop is retried slowly', () => {
  expect(backoffDelay(5, 0.5, defaultBackoff)).toBe(15_000);
  expect(backoffDelay(50, 0.5, defaultBackoff)).toBe(15_000);
});

test('jitter stays within a fifth', () => {
  expect(backoffDelay(1, 0, defaultBackoff)).toBe(200);
  expect(backoffDelay(1, 0.999, defaultBackoff)).toBe(300);
});

test('a crash is forgotten after the window', () => {
  expect(recentCrashes([0, 30_000, 59_999], 60_000, defaultBackoff)).toEqual([30_000, 59_999]);
});
