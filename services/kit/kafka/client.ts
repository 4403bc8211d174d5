import { createRequire } from 'node:module';
import type kafkajs from 'kafkajs';
import type { Consumer, Kafka, Producer } from 'kafkajs';
import { partitionsPerTopic } from '#contracts/events/topics.ts';
import type { Logger } from '../logger.ts';
import type { Service } from '../service.ts';
import { fixKafkajsTimer } from './kafkajs-timer.ts';

// Half the start-up cost of kafkajs is its protocol tables; required here, only services that talk Kafka pay it.
const { Kafka: KafkaClass, logLevel } = createRequire(import.meta.url)('kafkajs') as typeof kafkajs;

export type KafkaClient = {
  producer(): Producer;
  consumer(groupId: string): Consumer;
  /** Creates what is missing among these topics: event topics with their partitions, dead-letter topics with one. */
  ensureTopics(topics: readonly string[]): Promise<void>;
};

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
    async ensureTopics(topics) {
      const admin = kafka.admin();
      await admin.connect();
      try {
        const known = new Set(await admin.listTopics());
        const missing = topics.filter((topic) => !known.has(topic));
        if (missing.length === 0) return;
        await admin.createTopics({
          topics: missing.map((topic) => ({ topic, numPartitions: topic.endsWith('.dlq') ? 1 : partitionsPerTopic })),
          waitForLeaders: true,
          timeout: 5_000,
        });
      } finally {
        await admin.disconnect();
      }
    },
  };
}
