import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sale } from '../testing/dossier.builder.ts';
import { openClientHistory } from './client-history.ts';
import { timelineOf } from './order-timeline.ts';
import { createTopicIndex } from './topic-index.ts';
import type { TopicRecord } from './topic-record.ts';
import { readTopicRecord } from './topic-record.ts';

const records = sale().records;
const of = (key: string): TopicRecord[] =>
  records.map((record) => ({ ...record, key, messageId: `${key} ${record.messageId}` }));

test('an order is due when it has ended and was quiet, and again when something more is told of it', () => {
  const index = createTopicIndex({ maxOrders: 10 });
  for (const record of of('a')) index.add(record, 1_000);
  const [first] = of('b');
  if (first) index.add(first, 1_000);
  expect(index.due(999, 0, 9)).toEqual([]);
  expect(index.due(1_000, 0, 9).map(({ id }) => id)).toEqual(['a']);
  for (const order of index.due(1_000, 0, 9)) order.settled = true;
  expect(index.due(1_000, 0, 9)).toEqual([]);
  const [again] = of('a');
  if (again) index.add(again, 2_000);
  expect(index.due(2_000, 0, 9).map(({ id }) => id)).toEqual(['a']);
  expect(index.due(0, 1_500, 9).map(({ id }) => id)).toEqual(['b']);
});

test('judged orders are forgotten first, and what was forgotten is known to be', () => {
  const index = createTopicIndex({ maxOrders: 2 });
  for (const key of ['a', 'b']) for (const record of of(key)) index.add(record, 0);
  const b = index.get('b');
  if (b) b.settled = true;
  for (const record of of('c')) index.add(record, 0);
  expect(index.ids()).toEqual(['a', 'c']);
  expect(index.forgotten('b')).toBe(true);
  expect([index.forgotten('a'), index.forgotten('d')]).toEqual([false, false]);
  for (const record of of('d')) index.add(record, 0);
  expect(index.ids()).toEqual(['c', 'd']);
});

test('a message that is none is kept with the reason', () => {
  const record = {
    offset: 4n,
    timestamp: 1,
    key: 'k',
    value: Buffer.from('{'),
    headers: { 'message-id': 'm', event: 'order.created' },
  };
  expect(readTopicRecord('orders.events', 0, record)).toMatchObject({
    offset: 4,
    messageId: 'm',
    event: 'order.created',
    version: null,
    invalid: 'message body is not JSON',
  });
});

test('a client history is read as it grows, and half a line waits for its other half', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'orrery-history-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const history = openClientHistory(home);
  await history.refresh();
  await mkdir(path.join(home, 'load'));
  const file = path.join(home, 'load/run-1.jsonl');
  const line = (type: string, orderId: string | null) =>
    JSON.stringify({ run: 'run-1', op: 'place', idempotencyKey: 'k', type, orderId, at: '2026-11-22T10:00:00.000Z' });
  await appendFile(file, `${line('invoke', null)}\n${line('ok', 'o-1')}\nnonsense\n${line('info', null).slice(0, 20)}`);
  await history.refresh();
  expect(history.acknowledged().map(({ orderId }) => orderId)).toEqual(['o-1']);
  expect(history.counts()).toEqual({ invoke: 1, ok: 1, fail: 0, info: 0 });
  await appendFile(file, `${line('info', null).slice(20)}\n${line('ok', 'o-2')}\n`);
  await history.refresh();
  expect(history.counts()).toEqual({ invoke: 1, ok: 2, fail: 0, info: 1 });
  expect(history.of('o-1').map(({ orderId }) => orderId)).toEqual(['o-1', 'o-2']);
});

test('the timeline of an order tells rows, messages and money in the order of time', () => {
  const facts = timelineOf(sale());
  expect(facts.map(({ at }) => at)).toEqual(facts.map(({ at }) => at).sort());
  expect(new Set(facts.map(({ kind }) => kind))).toEqual(new Set(['client', 'row', 'message', 'money']));
  expect(facts.find(({ what }) => what === 'payment.succeeded')?.position).toEqual({
    topic: 'billing.events',
    partition: 3,
    offset: '0',
  });
});
