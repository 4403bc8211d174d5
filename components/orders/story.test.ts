import { expect, test } from 'vitest';
import type { TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { addEntry, addLogs, filterStory, storyLines } from './story.ts';

const entry = (messageId: string, occurredAt: string, causationId: string | null = null) =>
  ({ messageId, occurredAt: `2026-11-22T10:00:00.${occurredAt}Z`, causationId, producer: 'orders' }) as TimelineEntry;
const log = (id: string, ms: string, service = 'billing') =>
  ({
    id,
    timeUnixNano: `${Date.parse(`2026-11-22T10:00:00.${ms}Z`)}500000`,
    service,
    severity: 'info',
    attributes: {},
  }) as LogRecord;

test('events and log lines are one story; of one millisecond the event comes first', () => {
  const lines = storyLines([entry('a', '001'), entry('b', '003')], [log('1', '003'), log('2', '002')]);
  expect(lines.map(({ id }) => id)).toEqual(['a', 'log-2', 'b', 'log-1']);
  expect(filterStory(lines, { show: 'log', service: null })).toHaveLength(2);
  expect(filterStory(lines, { show: 'all', service: 'orders' }).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('an event that comes late is put in its place, and never before its cause', () => {
  const timeline = [entry('a', '001'), entry('c', '005')];
  expect(addEntry(timeline, entry('b', '003')).map(({ messageId }) => messageId)).toEqual(['a', 'b', 'c']);
  expect(addEntry(timeline, entry('d', '004', 'c')).map(({ messageId }) => messageId)).toEqual(['a', 'c', 'd']);
});

test('what comes twice is kept once', () => {
  const timeline = [entry('a', '001')];
  expect(addEntry(timeline, entry('a', '001'))).toBe(timeline);
  const logs = [log('1', '001')];
  expect(addLogs(logs, [log('1', '001')])).toBe(logs);
  expect(addLogs(logs, [log('1', '001'), log('2', '002')])).toHaveLength(2);
});
