import { Kafka, logLevel } from 'kafkajs';
import { onTestFinished } from 'vitest';

/** A kafkajs client that fails fast and keeps quiet; whatever it opens is closed when the test is over. */
export function kafkaClient(address: string, retries = 5) {
  const kafka = new Kafka({
    clientId: 'test',
    brokers: [address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries },
  });
  return {
    async admin() {
      const admin = kafka.admin();
      await admin.connect();
      onTestFinished(() => admin.disconnect());
      return admin;
    },
    async producer(options: Parameters<Kafka['producer']>[0] = {}) {
      const producer = kafka.producer({ allowAutoTopicCreation: false, ...options });
      await producer.connect();
      onTestFinished(() => producer.disconnect());
      return producer;
    },
    /** Collects `partition:offset:value` of everything that arrives. */
    async consumer(groupId: string, topic: string, options: Partial<Parameters<Kafka['consumer']>[0]> = {}) {
      const consumer = kafka.consumer({
        groupId,
        heartbeatInterval: 100,
        sessionTimeout: 6000,
        rebalanceTimeout: 6000,
        ...options,
      });
      const received: { partition: number; offset: string; value: string; headers: Record<string, string> }[] = [];
      const assignments: number[][] = [];
      consumer.on('consumer.group_join', ({ payload }) =>
        assignments.push([...(payload.memberAssignment[topic] ?? [])].sort()),
      );
      await consumer.connect();
      onTestFinished(() => consumer.disconnect());
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        eachMessage: async ({ partition, message }) => {
          const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]);
          received.push({
            partition,
            offset: message.offset,
            value: String(message.value),
            headers: Object.fromEntries(headers),
          });
        },
      });
      return { consumer, received, assignments };
    },
  };
}
