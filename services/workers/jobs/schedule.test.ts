import { expect, test } from 'vitest';
import { nextRunAt } from './schedule.ts';

const daily = { dailyAtUtc: { hour: 0, minute: 10 } };
const next = (after: string) => new Date(nextRunAt(daily, Date.parse(after))).toISOString();

test('a daily job runs today when its time is still to come', () => {
  expect(next('2026-11-22T00:09:59.999Z')).toBe('2026-11-22T00:10:00.000Z');
});

test('a daily job runs tomorrow from its minute on, also over a year boundary', () => {
  expect(next('2026-11-22T00:10:00.000Z')).toBe('2026-11-23T00:10:00.000Z');
  expect(next('2026-12-31T12:00:00.000Z')).toBe('2027-01-01T00:10:00.000Z');
});

test('an interval counts from the end of the last run, so slow runs never overlap', () => {
  expect(nextRunAt({ everyMs: 60_000 }, 1_000)).toBe(61_000);
});
