/** Everything that can be tuned, with the defaults of Kafka unless a reason is given. */
export interface BrokerSettings {
  nodeId: number;
  /** Partitions of an auto-created topic, and of CreateTopics with −1. */
  defaultPartitions: number;
  autoCreateTopics: boolean;
  maxPartitions: number;
  /** Largest request; 100 MiB as in Kafka. */
  maxRequestBytes: number;
  /**
   * Upper limit of a Fetch's wait. Kafka has none; kafkajs heartbeats and disconnects only between fetches (5 s), so a
   * short limit makes rebalances and shutdowns quick at two requests per second and consumer.
   */
  maxFetchWaitMs: number;
  maxFetchBytes: number;
  /** Requests of one connection that may be under way before reading pauses. */
  maxInFlight: number;
  flushIntervalMs: number;
  retentionCheckIntervalMs: number;
  offsetsRetentionMs: number;
  producerIdExpirationMs: number;
  maxTransactionTimeoutMs: number;
  minSessionTimeoutMs: number;
  maxSessionTimeoutMs: number;
  initialRebalanceDelayMs: number;
}

export const DEFAULT_SETTINGS: BrokerSettings = {
  nodeId: 0,
  defaultPartitions: 6,
  autoCreateTopics: true,
  maxPartitions: 10_000,
  maxRequestBytes: 100 << 20,
  maxFetchWaitMs: 500,
  maxFetchBytes: 55 << 20,
  maxInFlight: 64,
  flushIntervalMs: 1000,
  retentionCheckIntervalMs: 5000,
  offsetsRetentionMs: 7 * 24 * 3600_000,
  producerIdExpirationMs: 24 * 3600_000,
  maxTransactionTimeoutMs: 900_000,
  minSessionTimeoutMs: 10,
  maxSessionTimeoutMs: 1_800_000,
  initialRebalanceDelayMs: 0,
};
