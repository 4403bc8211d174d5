import type { Consumer } from 'kafkajs';
import { newId } from '../ids.ts';
import { createKafka, type KafkaClient } from '../kafka/client.ts';
import { enqueue } from '../outbox/enqueue.ts';
import { createDatabase, type Database } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { testService } from './service.ts';

/** A database with the kit's tables. */
export async function testDatabase(url: string): Promise<Database> {
  const { service } = testService({});
  const db = createDatabase({ url, applicationName: 'test' });
  await migrate(db, {
    sources: [{ name: 'kit', directory: new URL('../migrations/', import.meta.url) }],
    log: service.log,
    signal: service.signal,
  });
  return db;
}

/** Stores one `order.compensating` (the smallest event there is) for an order. */
export function enqueueTestEvent(db: Database, orderId: string, version: number): Promise<string> {
  return db.transaction(async (tx) => {
    const event = await enqueue(tx, {
      event: 'order.compensating',
      data: { orderId, reason: 'payment_failed' },
      producer: 'test',
      orderId,
      aggregateType: 'order',
      aggregateVersion: version,
      cause: null,
      sagaId: newId(),
    });
    return event.metadata.id;
  });
}

export type SeenRecord = { topic: string; key: string; value: string; headers: Record<string, string>; offset: string };

/** Reads a topic from its beginning, outside of any kit machinery, into `records`. */
export async function recordTopic(
  brokers: string[],
  topic: string,
): Promise<{ records: SeenRecord[]; stop(): Promise<void> }> {
  const { service } = testService({});
  const kafka: KafkaClient = createKafka({ brokers, clientId: 'observer', log: service.log });
  await kafka.ensureTopics([topic]);
  const records: SeenRecord[] = [];
  const consumer: Consumer = kafka.consumer(`observer-${newId()}`);
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      records.push({
        topic,
        key: String(message.key),
        value: String(message.value),
        offset: message.offset,
        headers: Object.fromEntries(
          Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
        ),
      });
    },
  });
  return { records, stop: () => consumer.disconnect() };
}
