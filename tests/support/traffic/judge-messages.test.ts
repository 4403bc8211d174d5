import { describe, expect, test } from 'vitest';
import { exported } from '#sandbox/exporters/testing/exported.ts';
import { readMessageContracts, type TopicRecord } from './judge-messages.ts';

const files = exported({}, ['contracts']);
const contracts = readMessageContracts(files);
const id = '0193a1de-0000-7000-8000-000000000001';
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

const invoice = (version: string, data: object) => ({
  event: 'invoice.issued',
  version,
  data: { orderId: id, invoiceNumber: 'INV-2026-000001', sizeBytes: 1234, ...data },
  metadata: {
    id,
    occurredAt: '2026-11-30T10:00:00.000Z',
    correlationId: id,
    causationId: null,
    sagaId: id,
    aggregateVersion: 1,
    producer: 'workers',
    traceparent,
  },
});
const v2 = invoice('2.0.0', { sha256: 'a'.repeat(64) });
const record = (value: unknown, patch: Partial<TopicRecord> = {}): TopicRecord => ({
  topic: 'workers.events',
  partition: 0,
  offset: 7n,
  key: id,
  headers: { 'message-id': id, event: 'invoice.issued', traceparent },
  value: JSON.stringify(value),
  ...patch,
});
const retry = {
  ...{ 'message-id': id, event: 'invoice.issued', traceparent },
  ...{ 'retry-of': 'workers.events/0/7', 'retry-send': '1' },
};
const letter = (reason: string, value: unknown, patch: Record<string, string> = {}) =>
  record(value, {
    topic: 'history.dlq',
    headers: {
      'message-id': id,
      event: 'dead-letter',
      traceparent,
      'dead-letter-consumer': 'history',
      'dead-letter-topic': 'workers.events',
      'dead-letter-partition': '0',
      'dead-letter-offset': '7',
      'dead-letter-reason': reason,
      'dead-letter-error': 'no',
      'dead-letter-error-class': 'AppError',
      'dead-letter-stack-hash': '0123456789abcdef',
      'dead-letter-attempts': '1',
      'dead-letter-at': '2026-11-30T10:00:00.000Z',
      ...patch,
    },
  });

describe('what is as documented is found to be so, and named', () => {
  test.each<[string, TopicRecord, string]>([
    ['an event', record(v2), 'workers.events invoiceIssued'],
    ['an event of the version before', record(invoice('1.1.0', {})), 'workers.events invoiceIssuedV1'],
    ['a dead letter', letter('failed', v2), 'history.dlq deadLetter'],
    ['a dead letter that nobody can read', letter('invalid', 'what?'), 'history.dlq deadLetter'],
    [
      'a retry',
      record(v2, {
        topic: 'history.retry',
        headers: retry,
      }),
      'history.retry retried',
    ],
    [
      'what waits to be tried again',
      record(v2, {
        topic: 'history.retry.5s',
        headers: {
          ...retry,
          'retry-attempts': '3',
          'retry-due-at': '2026-11-30T10:00:05.000Z',
          'retry-error': 'no',
          'retry-error-class': 'TypeError',
        },
      }),
      'history.retry.5s setAside',
    ],
  ])('%s', (_, one, message) => {
    expect(contracts.judge(one)).toEqual({ message, findings: [] });
    expect(contracts.messages).toContain(message);
  });
});

test.each<[string, TopicRecord, string]>([
  ['a field that is not documented', record(invoice('2.0.0', { sha256: 'a'.repeat(64), colour: 'red' })), '(colour)'],
  ['a field that is missing', record({ ...v2, metadata: { ...v2.metadata, sagaId: undefined } }), 'sagaId'],
  ['data of the version before under the new number', record(invoice('2.0.0', {})), 'sha256'],
  ['a version that nobody knows', record({ ...v2, version: '3.0.0' }), '/version'],
  ['an event on a topic of others', record(v2, { topic: 'orders.events' }), 'headers'],
  ['a header that is not documented', record(v2, { headers: { ...record(v2).headers, 'x-debug': '1' } }), '(x-debug)'],
  ['a header that is missing', record(v2, { headers: { event: 'invoice.issued' } }), 'message-id'],
  ['a key that is no order', record(v2, { key: 'INV-1' }), 'key'],
  [
    'a sender that does not say so',
    record({ ...v2, metadata: { ...v2.metadata, producer: 'billing' } }),
    'billing sent it',
  ],
  ['a topic that is not documented', record(v2, { topic: 'secrets' }), 'the topic is not documented'],
  ['what is no JSON', record(v2, { value: 'hello' }), 'payload'],
  ['a dead letter of something else', letter('failed', { ...v2, event: 'gossip' }), 'is no message of workers.events'],
  ['a dead letter from nowhere', letter('failed', v2, { 'dead-letter-topic': 'billing.requests' }), 'does not read'],
  ['a dead letter without a reason that is documented', letter('bored', v2), 'dead-letter-reason'],
])('%s is a finding', (_, one, finding) => {
  expect(contracts.judge(one).findings.join('\n')).toContain(finding);
});

test('a contract that is changed after the fact does not vouch for what was published', () => {
  const documents = files.filter(({ path }) => /asyncapi\/(workers|history)/.test(path));
  const patched = (from: string, to: string) =>
    readMessageContracts(documents.map((file) => ({ ...file, content: file.content.replaceAll(from, to) })));
  expect(patched('sizeBytes', 'bytes').judge(record(v2)).findings).not.toEqual([]);
  expect(patched('const: invoice.issued', 'const: invoice.made').judge(record(v2)).findings).not.toEqual([]);
});
