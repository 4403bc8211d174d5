import type { EachBatchPayload } from 'kafkajs';
import { type KnownEvent, parseEvent } from '#contracts/events/registry.ts';
import type { KafkaClient } from './client.ts';

/** An event and where it was read. */
export type ReadEvent = { event: KnownEvent; topic: string; partition: number; offset: string };

export type ReadTopicsOptions = {
  kafka: KafkaClient;
  /** A group of its own: it commits nothing, so that it begins at the beginning each time. */
  groupId: string;
  topics: readonly string[];
  signal: AbortSignal;
  /** Takes events in, in the order of their partition. What it throws ends the reading. */
  apply(events: readonly ReadEvent[]): Promise<void>;
  /** Told after each batch: records read so far, those among them that are no events, and how many there were at the start. */
  onProgress(progress: { read: number; unreadable: number; of: number }): void;
};

/** Events that one call of `apply` gets at most. */
const mostAtOnce = 200;

/**
 * Reads topics from their beginning and goes on until `signal` is aborted; `caughtUp` resolves when everything that was
 * there at the start has been applied. Records that nobody can read are counted and passed over: the consumers whose
 * business they are have dead-lettered them. `ended` resolves after the last `apply`; both reject with what went wrong.
 */
export function readTopics(options: ReadTopicsOptions): { caughtUp: Promise<void>; ended: Promise<void> } {
  const { kafka, topics, signal } = options;
  const caughtUp = Promise.withResolvers<void>();
  caughtUp.promise.catch(() => {});
  const progress = { read: 0, unreadable: 0, of: 0 };

  async function read(): Promise<void> {
    // Where each partition ended when it began; a partition leaves when it has been read up to there.
    const waiting = new Map<string, bigint>();
    for (const { topic, partition, low, high } of await kafka.offsets(topics)) {
      progress.of += Number(high - low);
      if (high > low) waiting.set(`${topic}/${partition}`, high);
    }
    options.onProgress({ ...progress });
    if (waiting.size === 0) caughtUp.resolve();
    const consumer = kafka.consumer(options.groupId);
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    consumer.on(consumer.events.CRASH, ({ payload }) => failed.reject(payload.error));
    const eachBatch = async ({ batch, resolveOffset, heartbeat }: EachBatchPayload) => {
      const { topic, partition, messages } = batch;
      for (let at = 0; at < messages.length && !signal.aborted; at += mostAtOnce) {
        const chunk = messages.slice(at, at + mostAtOnce);
        const events = chunk.flatMap(({ value, offset }): ReadEvent[] => {
          try {
            return [{ event: parseEvent(value ?? Buffer.alloc(0)), topic, partition, offset }];
          } catch {
            progress.unreadable += 1;
            return [];
          }
        });
        try {
          if (events.length > 0) await options.apply(events);
        } catch (error) {
          failed.reject(error);
          return;
        }
        progress.read += chunk.length;
        resolveOffset(chunk.at(-1)?.offset ?? '0');
        await heartbeat();
        options.onProgress({ ...progress });
      }
      const end = waiting.get(`${topic}/${partition}`);
      if (end !== undefined && !signal.aborted && BigInt(messages.at(-1)?.offset ?? -1) + 1n >= end) {
        waiting.delete(`${topic}/${partition}`);
        if (waiting.size === 0) caughtUp.resolve();
      }
    };
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
      await Promise.race([aborted(signal), failed.promise]);
    } finally {
      // Waits for the batch that is under way.
      await consumer.disconnect().catch(() => {});
    }
  }

  const ended = read();
  ended.catch(caughtUp.reject);
  return { caughtUp: caughtUp.promise, ended };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
