import { expect, onTestFinished, test, vi } from 'vitest';
import { kafkaClient } from '#sandbox/broker/testing/kafkajs-client.ts';
import { startTestBroker } from '#sandbox/broker/testing/test-broker.ts';
import { silentLog } from '#sandbox/log.ts';
import { orderId } from '../testing/dossier.builder.ts';
import { createTopicIndex } from './topic-index.ts';
import { startTopicReader } from './topic-reader.ts';

test('reads the topics of the fleet from their beginning, and knows when it has seen everything', async () => {
  const broker = await startTestBroker();
  const kafka = kafkaClient(broker.address);
  const admin = await kafka.admin();
  const producer = await kafka.producer();
  const topics = ['orders.events', 'workers.dlq', 'somebody.else'].map((topic) => ({ topic, numPartitions: 2 }));
  await admin.createTopics({ topics, waitForLeaders: true });
  const send = (topic: string, value: string) => producer.send({ topic, messages: [{ key: orderId, value }] });
  await send('orders.events', '{}');
  await send('somebody.else', 'ada@example.com');

  const index = createTopicIndex({ maxOrders: 10 });
  const log = silentLog;
  const reader = startTopicReader({ brokers: broker.address, index, canary: '@example.com', log, now: Date.now });
  onTestFinished(() => reader.stop());
  await vi.waitFor(() => expect(reader.caughtUpAtMs()).toBeGreaterThan(0), { timeout: 20_000 });
  expect(index.get(orderId)?.records.map(({ topic }) => topic)).toEqual(['orders.events']);
  expect(reader.lag().own).toBe(0);

  await send('workers.dlq', 'to ada@example.com');
  await vi.waitFor(() => expect(index.canaries.map(({ topic }) => topic)).toEqual(['workers.dlq']), {
    timeout: 20_000,
  });
  await admin.setOffsets({ groupId: 'workers', topic: 'workers.dlq', partitions: [{ partition: 0, offset: '0' }] });
  await reader.refreshCommitted();
  expect(reader.committed().get('workers')?.get('workers.dlq/0')).toBe(0n);
});
