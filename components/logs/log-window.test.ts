import { expect, test } from 'vitest';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { indexOfSequence, type LogWindow, withArrived, withOlder } from './log-window.ts';

function log(id: number | string): LogRecord {
  return {
    id: String(id),
    timeUnixNano: '1',
    severity: 'info',
    service: 'orders',
    instance: null,
    body: 'order placed',
    traceId: null,
    spanId: null,
    attributes: {},
  };
}
function windowOf(ids: number[], hasMore = false): LogWindow {
  return { logs: ids.map(log), hasMore, elapsedMs: 1, sql: '' };
}
const idsOf = (window: LogWindow) => window.logs.map(({ id }) => Number(id));

test('what arrives goes on top, in order of sequence', () => {
  expect(idsOf(withArrived(windowOf([9, 8]), [log(10), log(11)], 100))).toEqual([11, 10, 9, 8]);
});

test('what arrives twice, or late from the catch-up, is there once and in its place', () => {
  const live = withArrived(windowOf([9, 8]), [log(101)], 100);
  expect(idsOf(withArrived(live, [log(100), log(101), log(9)], 100))).toEqual([101, 100, 9, 8]);
});

test('nothing new leaves the window as it is', () => {
  const window = windowOf([9, 8]);
  expect(withArrived(window, [], 100)).toBe(window);
  expect(withArrived(window, [log(9)], 100)).toBe(window);
});

test('past the limit the oldest rows go, and can be asked for again', () => {
  const window = withArrived(windowOf([3, 2, 1]), [log(4), log(5)], 4);
  expect(idsOf(window)).toEqual([5, 4, 3, 2]);
  expect(window.hasMore).toBe(true);
});

test('an older page goes below, without the rows that both have', () => {
  const window = withOlder(windowOf([9, 8], true), windowOf([8, 7, 6]));
  expect(idsOf(window)).toEqual([9, 8, 7, 6]);
  expect(window.hasMore).toBe(false);
});

test('ids of more digits than a number has are told apart', () => {
  const [newer, older] = ['1764512345678000000123456789012', '1764512345678000000123456789011'];
  const window = withOlder({ ...windowOf([]), logs: [log(newer)] }, { ...windowOf([]), logs: [log(older)] });
  expect(window.logs.map(({ id }) => id)).toEqual([newer, older]);
  expect(withArrived({ ...window, logs: [log(older)] }, [log(newer)], 9).logs.map(({ id }) => id)).toEqual([
    newer,
    older,
  ]);
  expect(indexOfSequence([log(older), log(newer)], BigInt(newer))).toBe(1);
});

test('a row is found by its sequence, or where it would be', () => {
  const rows = [2, 4, 6].map(log);
  expect([1n, 2n, 3n, 6n, 7n].map((sequence) => indexOfSequence(rows, sequence))).toEqual([0, 0, 1, 2, 3]);
});
