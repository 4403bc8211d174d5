import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { retryOf } from '../inbox/replay.ts';
import { readMessage } from './incoming.ts';

const source = { topic: 'billing.retry.5s', partition: 0 };
const message = (headers: NonNullable<KafkaMessage['headers']>): KafkaMessage => ({
  key: Buffer.from('order-1'),
  value: Buffer.from('{}'),
  timestamp: '0',
  attributes: 0,
  offset: '7',
  headers,
});

test('what nobody here handles is skipped, but not what had been set aside: its key would wait for ever', () => {
  const headers = { event: Buffer.from('order.created') };
  expect(readMessage(new Map(), source, message(headers))).toEqual({ kind: 'skipped', offset: '7' });
  const setAside = { ...headers, [retryOf]: Buffer.from('orders.events/3/12') };
  expect(readMessage(new Map(), source, message(setAside))).toMatchObject({
    kind: 'invalid',
    key: 'order-1',
    headers: { [retryOf]: 'orders.events/3/12' },
    error: new Error('order.created is no longer handled here'),
  });
});
