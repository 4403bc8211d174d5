import { expect, test, vi } from 'vitest';
import { openDeadline, parseTimeout, remainingMs } from './deadline.ts';

test('what is left shrinks on the way and is never more than what the first caller gave', () => {
  const caller = new AbortController();
  expect(remainingMs(caller.signal)).toBe(Number.POSITIVE_INFINITY);
  const outer = openDeadline(60_000, caller.signal);
  const inner = openDeadline(600_000, outer.signal);
  expect(remainingMs(outer.signal)).toBeLessThanOrEqual(60_000);
  expect(remainingMs(inner.signal)).toBeLessThanOrEqual(60_000);
  caller.abort('gone');
  expect(inner.signal.reason).toBe('gone');
  expect(inner.isOver()).toBe(false);
});

test('it aborts when its time is over, and says so', async () => {
  const deadline = openDeadline(1);
  await new Promise<void>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve());
    setTimeout(resolve, 2_000);
  });
  expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
  expect(deadline.isOver()).toBe(true);
});

test('once the work is done neither time nor the caller ends it any more', () => {
  vi.useFakeTimers();
  const caller = new AbortController();
  const deadline = openDeadline(1_000, caller.signal);
  deadline.end();
  vi.advanceTimersByTime(2_000);
  caller.abort();
  expect(deadline.signal.aborted).toBe(false);
  vi.useRealTimers();
});

test('a caller that has gone already leaves nothing to do', () => {
  expect(openDeadline(1_000, AbortSignal.abort()).signal.aborted).toBe(true);
});

test('without a time there is only the caller', () => {
  const deadline = openDeadline(Number.POSITIVE_INFINITY);
  expect(remainingMs(deadline.signal)).toBe(Number.POSITIVE_INFINITY);
  deadline.abort('gone');
  expect(deadline.signal.reason).toBe('gone');
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
