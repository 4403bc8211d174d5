import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { dueOf } from './due.ts';

const tier = { name: '5s', delayMs: 5_000 };
const nowMs = Date.parse('2026-11-30T12:00:00.000Z');

/** Messages that are due so many milliseconds from now; null: the header is missing. */
function due(...inMs: (number | null)[]) {
  const messages = inMs.map(
    (ms, offset) =>
      ({
        offset: String(offset),
        headers: ms === null ? {} : { 'retry-due-at': Buffer.from(new Date(nowMs + ms).toISOString()) },
      }) as unknown as KafkaMessage,
  );
  const found = dueOf({ messages }, tier, nowMs);
  return { offsets: found.messages.map(({ offset }) => offset), waitMs: found.waitMs };
}

test('what is due is handled, up to the first that is not', () => {
  expect(due(-100, 0, 300, -5)).toEqual({ offsets: ['0', '1'], waitMs: null });
  expect(due(-100, -50)).toEqual({ offsets: ['0', '1'], waitMs: null });
});

test('while the first is not due nothing is handled, and it tells how long that takes', () => {
  expect(due(1_200, 1_300)).toEqual({ offsets: [], waitMs: 1_200 });
});

test('a clock that was set back makes nothing wait longer than the delay of the tier', () => {
  expect(due(3_600_000)).toEqual({ offsets: [], waitMs: 5_000 });
});

test('a message that does not say when it is due holds up nobody', () => {
  expect(due(null, null)).toEqual({ offsets: ['0', '1'], waitMs: null });
});
