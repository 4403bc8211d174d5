import { expect, test } from 'vitest';
import { span } from '#components/traces/testing.ts';
import type { TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { addEntry, addLogs, addSpans, filterStory, fullerStory, storyLines } from './story.ts';

const entry = (messageId: string, occurredAt: string, causationId: string | null = null) =>
  ({
    messageId,
    event: messageId,
    occurredAt: `2026-11-22T10:00:00.${occurredAt}Z`,
    receivedAt: '2026-11-22T10:00:00.900Z',
    causationId,
    producer: 'orders',
    topic: 'orders.events',
  }) as TimelineEntry;
const log = (id: string, ms: string, service = 'billing') =>
  ({
    id,
    timeUnixNano: `${Date.parse(`2026-11-22T10:00:00.${ms}Z`)}500000`,
    service,
    severity: 'info',
    attributes: {},
  }) as LogRecord;

test('messages and log lines are one story; of one millisecond the message comes first', () => {
  const timeline = [entry('a', '001'), entry('b', '003')];
  const lines = storyLines({ timeline, spans: [], logs: [log('1', '003'), log('2', '002')] });
  const told = filterStory(lines, { kinds: ['message', 'log'], service: null });
  expect(told.map(({ id }) => id)).toEqual(['a', 'log-2', 'b', 'log-1']);
  expect(filterStory(lines, { kinds: ['log'], service: null })).toHaveLength(2);
  expect(filterStory(lines, { kinds: ['message', 'log'], service: 'orders' }).map(({ id }) => id)).toEqual(['a', 'b']);
});

test('the order’s states follow each other, and the last one lasts', () => {
  const timeline = [entry('order.created', '001'), entry('order.screened', '004'), entry('order.confirmed', '009')];
  const late = [...timeline, entry('inventory.reserved', '010')];
  const states = storyLines({ timeline: late, spans: [], logs: [] }).filter(({ kind }) => kind === 'state');
  expect(states.map(({ text, atMs, endMs }) => [text, endMs === null ? null : endMs - atMs])).toEqual([
    ['created', 3],
    ['screened', 5],
    ['confirmed', null],
  ]);
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
  const spans = [span('a')];
  expect(addSpans(spans, [span('a')])).toBe(spans);
  expect(addSpans(spans, [span('b'), span('a')]).map(({ spanId }) => spanId)).toEqual(['a', 'b']);
});

test('a reading that was overtaken by the stream does not undo what the stream has told', () => {
  const early = { timeline: [1, 2] };
  const late = { timeline: [1, 2, 3] };
  expect(fullerStory(undefined, early)).toBe(early);
  expect(fullerStory(late, early)).toBe(late);
  expect(fullerStory(early, late)).toBe(late);
});
