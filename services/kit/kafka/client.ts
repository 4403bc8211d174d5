import { createRequire } from 'node:module';
import type kafkajs from 'kafkajs';
import type { Admin, Consumer, Kafka, Producer } from 'kafkajs';
import { partitionsOf } from '#contracts/events/topics.ts';
import type { Logger } from '../logger.ts';
import type { Service } from '../service.ts';
import { fixKafkajsTimer } from './kafkajs-timer.ts';

// Half the start-up cost of kafkajs is its protocol tables; required here, only services that talk Kafka pay it.
const { Kafka: KafkaClass, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof kafkajs;

export type KafkaClient = {
  producer(): Producer;
  consumer(groupId: string): Consumer;
  /** First and next offset of every partition of these topics. */
  offsets(topics: readonly string[]): Promise<PartitionOffsets[]>;
  /** The next offset of every partition on which the group has committed one. */
  committed(groupId: string, topics: readonly string[]): Promise<CommittedOffset[]>;
  /** Messages in these topics that a group has not committed yet. */
  lag(groupId: string, topics: readonly string[]): Promise<number>;
  /** Creates what is missing among these topics, with as many partitions as `partitionsOf` says. */
  ensureTopics(topics: readonly string[]): Promise<void>;
};

export type PartitionOffsets = { topic: string; partition: number; low: bigint; high: bigint };
export type CommittedOffset = { topic: string; partition: number; next: bigint };

/**
 * Timeouts are short, so that recovery from a killed peer is seen in seconds: a dead member is noticed after 6 s, an
 * idle member notices a rebalance within one fetch (¼ s) plus a heartbeat.
 */
const sessionTimeoutMs = 6_000;
const rebalanceTimeoutMs = 8_000;
const heartbeatIntervalMs = 1_000;
const fetchWaitMs = 250;

/** A Kafka client for this service. Makes no connection yet. */
export function openKafka(service: Service<{ KAFKA_BROKERS: string }>): KafkaClient {
  return createKafka({
    brokers: service.env.KAFKA_BROKERS.split(','),
    clientId: service.instance,
    log: service.log,
  });
}

export function createKafka(options: { brokers: string[]; clientId: string; log: Logger }): KafkaClient {
  fixKafkajsTimer();
  const kafka: Kafka = new KafkaClass({
    clientId: options.clientId,
    brokers: options.brokers,
    connectionTimeout: 2_000,
    requestTimeout: 10_000,
    // Few and quick: the loops of consumer and relay start over for ever, with what they know about the failure.
    retry: { initialRetryTime: 100, maxRetryTime: 500, factor: 0.3, multiplier: 2, retries: 4 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      // kafkajs calls everything an error that it then retries; what matters is logged by consumer and relay.
      const { message, timestamp: _, logger: __, stack: ___, ...fields } = entry.log;
      options.log.debug({ kafkajs: fields, namespace: entry.namespace }, message);
    },
  });
  return {
    // Not idempotent: the relay has one produce request in flight at a time, so a retry can duplicate but never
    // reorder, and duplicates are the inbox's job. kafkajs's idempotent producer adds a state that a broker restart
    // can leave out of step for good.
    producer: () => kafka.producer({ allowAutoTopicCreation: false, idempotent: false }),
    consumer: (groupId) =>
      kafka.consumer({
        groupId,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        heartbeatInterval: heartbeatIntervalMs,
        maxWaitTimeInMs: fetchWaitMs,
        allowAutoTopicCreation: false,
        retry: { initialRetryTime: 100, maxRetryTime: 500, retries: 4, restartOnFailure: async () => false },
      }),
    offsets: (topics) => withAdmin(kafka, (admin) => offsetsOf(admin, topics)),
    committed: (groupId, topics) => withAdmin(kafka, (admin) => committedBy(admin, groupId, topics)),
    lag: (groupId, topics) =>
      withAdmin(kafka, async (admin) => {
        const [ends, committed] = await Promise.all([offsetsOf(admin, topics), committedBy(admin, groupId, topics)]);
        const done = new Map(committed.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
        const behind = ends.map(({ topic, partition, low, high }) => {
          const next = done.get(`${topic}/${partition}`) ?? -1n;
          return Number(high - (next < low ? low : next));
        });
        return behind.reduce((sum, messages) => sum + messages, 0);
      }),
    ensureTopics: (topics) =>
      withAdmin(kafka, async (admin) => {
        const known = new Set(await admin.listTopics());
        const missing = topics.filter((topic) => !known.has(topic));
        if (missing.length === 0) return;
        await admin.createTopics({
          topics: missing.map((topic) => ({ topic, numPartitions: partitionsOf(topic) })),
          waitForLeaders: true,
          timeout: 5_000,
        });
      }),
  };
}

async function withAdmin<T>(kafka: Kafka, ask: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

async function offsetsOf(admin: Admin, topics: readonly string[]): Promise<PartitionOffsets[]> {
  const found = await Promise.all(
    topics.map(async (topic) => {
      const partitions = await admin.fetchTopicOffsets(topic);
      return partitions.map(({ partition, low, high }) => ({ topic, partition, low: BigInt(low), high: BigInt(high) }));
    }),
  );
  return found.flat();
}

async function committedBy(admin: Admin, groupId: string, topics: readonly string[]): Promise<CommittedOffset[]> {
  const found = await admin.fetchOffsets({ groupId, topics: [...topics] });
  return found.flatMap(({ topic, partitions }) =>
    partitions
      .map(({ partition, offset }) => ({ topic, partition, next: BigInt(offset) }))
      .filter(({ next }) => next >= 0n),
  );
}
