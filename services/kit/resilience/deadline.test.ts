import { expect, test } from 'vitest';
import { parseTimeout, remainingMs, withDeadline } from './deadline.ts';

test('what is left shrinks on the way and is never more than what the first caller gave', () => {
  const caller = new AbortController();
  expect(remainingMs(caller.signal)).toBe(Number.POSITIVE_INFINITY);
  const outer = withDeadline(caller.signal, 60_000);
  const inner = withDeadline(outer, 600_000);
  expect(remainingMs(outer)).toBeLessThanOrEqual(60_000);
  expect(remainingMs(inner)).toBeLessThanOrEqual(60_000);
  caller.abort();
  expect(inner.aborted).toBe(true);
});

test.each([
  ['1500', 1500],
  ['0', 0],
  [undefined, null],
  ['', null],
  ['-1', null],
  ['1e3', null],
  ['soon', null],
  ['99999999999', null],
])('header %s is %s', (header, expected) => {
  expect(parseTimeout(header)).toBe(expected);
});
