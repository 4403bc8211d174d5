import { expect, test } from 'vitest';
import { toLogRecord } from './log-line.ts';

const at = '2026-11-22T11:00:00.500Z';
const line = (text: string, stream: 'stdout' | 'stderr' = 'stdout') => ({ at, stream, line: text });

test('a JSON line keeps its time, level, message, ids and fields', () => {
  const json = JSON.stringify({
    timestamp: '2026-11-22T11:00:00.123Z',
    level: 'warn',
    message: 'order placed',
    service: 'orders',
    env: 'local',
    trace_id: 'a'.repeat(32),
    span_id: 'b'.repeat(16),
    orderId: '42',
    total: 12.5,
    count: 3,
    nested: { ok: true, none: null },
  });
  expect(toLogRecord(line(json), 'orders')).toEqual({
    timeUnixNano: `${Date.parse('2026-11-22T11:00:00.123Z')}000000`,
    observedTimeUnixNano: `${Date.parse(at)}000000`,
    severityNumber: 13,
    severityText: 'warn',
    body: { stringValue: 'order placed' },
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    attributes: [
      { key: 'orderId', value: { stringValue: '42' } },
      { key: 'total', value: { doubleValue: 12.5 } },
      { key: 'count', value: { intValue: '3' } },
      { key: 'nested.ok', value: { boolValue: true } },
    ],
  });
});

test('an error gets the names of the semantic conventions', () => {
  const json = JSON.stringify({ level: 50, msg: 'failed', err: { type: 'Error', message: 'no', stack: 'Error: no' } });
  const record = toLogRecord(line(json), 'orders');
  expect(record.severityText).toBe('error');
  expect(record.attributes.map((attribute) => attribute.key)).toEqual([
    'exception.type',
    'exception.message',
    'exception.stacktrace',
  ]);
});

test('ids that are none are left out', () => {
  const record = toLogRecord(line(JSON.stringify({ message: 'x', trace_id: 'nope', span_id: '' })), 'orders');
  expect(record).not.toHaveProperty('traceId');
  expect(record).not.toHaveProperty('spanId');
});

test('any other line is the body: stdout info, stderr warn', () => {
  expect(toLogRecord(line('hello'), 'console')).toMatchObject({ severityText: 'info', body: { stringValue: 'hello' } });
  expect(toLogRecord(line('careful', 'stderr'), 'console').severityText).toBe('warn');
  expect(toLogRecord(line('{broken'), 'console').body).toEqual({ stringValue: '{broken' });
});

test('a Postgres line tells its level, time and database', () => {
  const text = '2026-11-22 11:00:00.250 UTC [77] orders@orders ERROR:  duplicate key';
  expect(toLogRecord(line(text, 'stderr'), 'postgres')).toMatchObject({
    timeUnixNano: `${Date.parse('2026-11-22T11:00:00.250Z')}000000`,
    severityText: 'error',
    body: { stringValue: 'duplicate key' },
    attributes: [
      { key: 'process.pid', value: { intValue: '77' } },
      { key: 'db.namespace', value: { stringValue: 'orders' } },
      { key: 'db.user', value: { stringValue: 'orders' } },
    ],
  });
  const plain = '2026-11-22 11:00:00.250 UTC [7] LOG:  database system is ready to accept connections';
  expect(toLogRecord(line(plain, 'stderr'), 'postgres').severityText).toBe('info');
});
