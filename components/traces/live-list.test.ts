import { expect, test } from 'vitest';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import { keepNewest, takeIn } from './live-list.ts';

function trace(id: string, startMs: number, durationNano = 1, spanCount = 1): TraceSummary {
  return {
    traceId: id,
    rootName: 'POST /orders',
    rootService: 'gateway',
    rootMissing: false,
    startUnixNano: String(1_795_348_402_885_000_000n + BigInt(startMs) * 1_000_000n),
    durationNano,
    spanCount,
    errorCount: 0,
    injectedCount: 0,
    faults: [],
    services: [],
    orderId: null,
    lastArrivalMs: 0,
  };
}
const ids = (traces: readonly TraceSummary[]) => traces.map(({ traceId }) => traceId);
const newest = { sort: 'start', hold: false, most: 3 } as const;

test('new traces go where the sort says, the list keeps its length', () => {
  const before = { shown: [trace('c', 3), trace('b', 2), trace('a', 1)], held: [] };
  expect(ids(takeIn(before, [trace('d', 4)], newest).shown)).toEqual(['d', 'c', 'b']);
});

test('a trace on screen grows in place', () => {
  const before = { shown: [trace('b', 2), trace('a', 1)], held: [] };
  const after = takeIn(before, [trace('a', 1, 500, 9)], { ...newest, hold: true });
  expect(ids(after.shown)).toEqual(['b', 'a']);
  expect(after.shown[1]?.spanCount).toBe(9);
  expect(after.held).toEqual([]);
});

test('while the reader must not be moved new traces wait, growing, and come all at once', () => {
  const hold = { ...newest, hold: true };
  let state = takeIn({ shown: [trace('a', 1)], held: [] }, [trace('b', 2)], hold);
  state = takeIn(state, [trace('b', 2, 5, 4), trace('c', 3)], hold);
  expect(ids(state.shown)).toEqual(['a']);
  expect(state.held.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
    ['b', 4],
    ['c', 1],
  ]);
  const released = takeIn(state, [], newest);
  expect(ids(released.shown)).toEqual(['c', 'b', 'a']);
  expect(released.held).toEqual([]);
});

test('nothing new leaves everything as it is', () => {
  const state = { shown: [trace('a', 1)], held: [] };
  expect(takeIn(state, [], newest).shown).toBe(state.shown);
});

test('by duration the longest comes first', () => {
  const after = takeIn({ shown: [trace('a', 1, 50)], held: [] }, [trace('b', 2, 90)], { ...newest, sort: 'duration' });
  expect(ids(after.shown)).toEqual(['b', 'a']);
});

test('an answer that is older than the stream does not take back what the stream told', () => {
  const at = (id: string, startMs: number, lastArrivalMs: number, spans = 1) => ({
    ...trace(id, startMs, 1, spans),
    lastArrivalMs,
  });
  const told = [at('new', 9, 900), at('grown', 5, 800, 158), at('gone', 1, 100)];
  const answer = [at('grown', 5, 300, 18), at('other', 3, 400)];
  const merged = keepNewest(told, answer, newest);
  expect(ids(merged)).toEqual(['new', 'grown', 'other']);
  expect(merged[1]?.spanCount).toBe(158);
});

test('what waited and has come into the list by itself is there once', () => {
  const after = takeIn({ shown: [trace('b', 2), trace('a', 1)], held: [trace('b', 2)] }, [], newest);
  expect(ids(after.shown)).toEqual(['b', 'a']);
});
