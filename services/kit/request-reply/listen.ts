import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaMessage } from 'kafkajs';
import type { KafkaClient } from '../kafka/client.ts';
import type { Service } from '../service.ts';
import { withoutTracing } from '../telemetry/spans.ts';

export type ListenOptions = {
  kafka: KafkaClient;
  topic: string;
  groupId: string;
  /** Must not throw. */
  onMessage: (message: KafkaMessage) => Promise<void>;
};

/**
 * Reads a topic from now on, at most once, until the service stops: for messages that nobody misses for long. A crash of
 * the client starts it over. `ready` resolves when the first fetch is through: what is sent after that is seen.
 */
export function listen(
  service: Service,
  { kafka, topic, groupId, onMessage }: ListenOptions,
): { ready: Promise<void> } {
  let isReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });

  async function runClient(): Promise<void> {
    await kafka.ensureTopics([topic]);
    const consumer = kafka.consumer(groupId);
    const crashed = new Promise<Error>((resolve) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error));
    });
    const stopped = new Promise<undefined>((resolve) => {
      service.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    consumer.on(consumer.events.FETCH, () => isReady());
    try {
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: false });
      await consumer.run({ eachMessage: ({ message }) => onMessage(message) });
      const error = await Promise.race([crashed, stopped]);
      if (error !== undefined) throw error;
    } finally {
      await consumer.disconnect().catch(() => {});
    }
  }

  async function runForever(): Promise<void> {
    for (let failures = 0; !service.signal.aborted; failures += 1) {
      try {
        await runClient();
      } catch (error) {
        service.log.warn({ groupId, topic, error }, 'cannot listen, starting over');
        await sleep(Math.min(100 * 2 ** failures, 2_000), undefined, { signal: service.signal }).catch(() => {});
      }
    }
  }

  const running = withoutTracing(runForever);
  service.shutdown.add(`listener of ${topic}`, () => running);
  return { ready };
}
