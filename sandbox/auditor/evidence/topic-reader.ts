import { setTimeout as sleep } from 'node:timers/promises';
import { isAppError } from '#contracts/errors.ts';
import type { Log } from '#sandbox/log.ts';
import type { KafkaReader, TopicPartition } from '../kafka/client.ts';
import { openKafkaReader, partitionName } from '../kafka/client.ts';
import { consumers, publisherOf } from './consumers.ts';
import type { TopicIndex } from './topic-index.ts';
import { readTopicRecord } from './topic-record.ts';

export type TopicReader = {
  /** Committed offsets by consumer group and `topic/partition`, as of the last look. */
  committed(): ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** When last everything was read that lay on the topics, epoch milliseconds; 0 before the first time. */
  caughtUpAtMs(): number;
  /** Asks for the committed offsets now. */
  refreshCommitted(): Promise<void>;
  /** Messages that we have not read, and messages that the groups have not committed; null before the first look. */
  lag(): { own: number | null; groups: ReadonlyMap<string, number> };
  stop(): Promise<void>;
};

/** Between two fetches: more messages per answer, fewer wake-ups. */
const pauseMs = 300;
const waitMs = 500;
const topicsEveryMs = 5_000;
const mostCanaries = 100;

/** Reads every topic of the fleet from its beginning, for ever; a broker that is down is tried again. */
export function startTopicReader(options: {
  brokers: string;
  index: TopicIndex;
  canary: string;
  log: Log;
  now: () => number;
}): TopicReader {
  const { index, log, now } = options;
  const stopping = new AbortController();
  const positions = new Map<string, TopicPartition & { offset: bigint }>();
  const highWatermarks = new Map<string, bigint>();
  let offsets: ReadonlyMap<string, ReadonlyMap<string, bigint>> = new Map();
  let kafka: KafkaReader | null = null;
  let caughtUpAtMs = 0;

  async function discover(reader: KafkaReader): Promise<void> {
    const found = [...(await reader.topics())].filter(([topic]) => publisherOf(topic) !== null);
    const fresh = found
      .flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })))
      .filter((place) => !positions.has(partitionName(place)));
    if (fresh.length === 0) return;
    const earliest = await reader.earliest(fresh);
    for (const place of fresh) {
      positions.set(partitionName(place), { ...place, offset: earliest.get(partitionName(place)) ?? 0n });
    }
  }

  async function readOnce(reader: KafkaReader): Promise<number> {
    const askedAtMs = now();
    const fetched = await reader.fetch([...positions.values()], waitMs);
    let count = 0;
    for (const { topic, partition, records, next, highWatermark } of fetched) {
      const name = partitionName({ topic, partition });
      highWatermarks.set(name, highWatermark);
      for (const record of records) {
        const read = readTopicRecord(topic, partition, record);
        index.add(read, now());
        index.scanned += 1;
        if (index.canaries.length < mostCanaries && record.value?.includes(options.canary)) index.canaries.push(read);
      }
      count += records.length;
      positions.set(name, { topic, partition, offset: next });
    }
    const behind = fetched.some(({ next, highWatermark }) => next < highWatermark);
    if (!behind && fetched.length === positions.size) caughtUpAtMs = askedAtMs;
    return count;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const reader = await openKafkaReader(options.brokers);
        kafka = reader;
        let discoveredAt = 0;
        while (!stopping.signal.aborted) {
          if (now() - discoveredAt > topicsEveryMs) {
            await discover(reader);
            discoveredAt = now();
          }
          const count = positions.size === 0 ? 0 : await readOnce(reader);
          // After a restart there is much to catch up with: no pauses then.
          if (count < 500) await sleep(pauseMs, undefined, { signal: stopping.signal, ref: false });
        }
      } catch (error) {
        if (stopping.signal.aborted) return;
        // What was deleted (or a broker that began anew) cannot be read on from where we were.
        if (isAppError(error, 'conflict')) positions.clear();
        log.debug('topics cannot be read, trying again', { reason: String(error) });
        await sleep(1_000, undefined, { signal: stopping.signal }).catch(() => undefined);
      } finally {
        kafka?.close();
        kafka = null;
      }
    }
  }

  const running = run();
  return {
    committed: () => offsets,
    caughtUpAtMs: () => caughtUpAtMs,
    async refreshCommitted() {
      const reader = kafka;
      if (reader === null) return;
      const found = new Map<string, ReadonlyMap<string, bigint>>();
      for (const group of consumers) found.set(group, await reader.committed(group));
      offsets = found;
    },
    lag() {
      const behind = (name: string, at: bigint) => Math.max(0, Number((highWatermarks.get(name) ?? 0n) - at));
      const own = [...positions].reduce((sum, [name, { offset }]) => sum + behind(name, offset), 0);
      const groups = [...offsets].map(([group, committed]): [string, number] => [
        group,
        [...committed].reduce((sum, [name, offset]) => sum + behind(name, offset), 0),
      ]);
      return { own: kafka === null ? null : own, groups: new Map(groups) };
    },
    async stop() {
      stopping.abort();
      kafka?.close();
      await running.catch(() => undefined);
    },
  };
}
