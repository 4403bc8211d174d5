import { CompressionTypes } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { kafkaClient } from '#sandbox/broker/testing/kafkajs-client.ts';
import { startTestBroker } from '#sandbox/broker/testing/test-broker.ts';
import { openKafkaReader } from './client.ts';

async function underTest() {
  const broker = await startTestBroker();
  const kafka = kafkaClient(broker.address);
  const admin = await kafka.admin();
  const producer = await kafka.producer();
  await admin.createTopics({ topics: [{ topic: 'orders.events', numPartitions: 2 }], waitForLeaders: true });
  const reader = await openKafkaReader(broker.address);
  onTestFinished(() => reader.close());
  return { reader, producer, admin };
}

const message = (n: number) => ({
  key: `k${n}`,
  value: `body ${n}`,
  headers: { 'message-id': `id-${n}`, event: 'order.created' },
});

test('reads what another client has written: keys, bodies, headers, offsets, compressed or not', async () => {
  const { reader, producer } = await underTest();
  await producer.send({ topic: 'orders.events', messages: [1, 2].map((n) => ({ ...message(n), partition: 1 })) });
  await producer.send({
    topic: 'orders.events',
    compression: CompressionTypes.GZIP,
    messages: [3, 4].map((n) => ({ ...message(n), partition: 1 })),
  });
  expect(await reader.topics()).toEqual(new Map([['orders.events', 2]]));
  const partitions = [0, 1].map((partition) => ({ topic: 'orders.events', partition }));
  expect(await reader.earliest(partitions)).toEqual(
    new Map([
      ['orders.events/0', 0n],
      ['orders.events/1', 0n],
    ]),
  );

  const [found] = await reader.fetch([{ topic: 'orders.events', partition: 1, offset: 1n }], 100);
  expect(found).toMatchObject({ partition: 1, highWatermark: 4n, next: 4n });
  expect(
    found?.records.map(({ offset, key, value, headers }) => [offset, key, value?.toString(), headers.event]),
  ).toEqual([2, 3, 4].map((n) => [BigInt(n - 1), `k${n}`, `body ${n}`, 'order.created']));
});

test('an empty partition answers nothing and stays where it is; an offset that is gone is told', async () => {
  const { reader } = await underTest();
  const [found] = await reader.fetch([{ topic: 'orders.events', partition: 0, offset: 0n }], 10);
  expect(found).toMatchObject({ records: [], next: 0n });
  await expect(reader.fetch([{ topic: 'orders.events', partition: 0, offset: 99n }], 10)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('tells what a group has committed', async () => {
  const { reader, admin } = await underTest();
  expect(await reader.committed('workers')).toEqual(new Map());
  await admin.setOffsets({ groupId: 'workers', topic: 'orders.events', partitions: [{ partition: 1, offset: '7' }] });
  expect(await reader.committed('workers')).toEqual(new Map([['orders.events/1', 7n]]));
});

test('a broker that is not there is unavailable', async () => {
  await expect(openKafkaReader('127.0.0.1:1')).rejects.toMatchObject({ code: 'unavailable' });
});
