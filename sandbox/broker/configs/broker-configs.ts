import type { Cluster } from '../cluster.ts';
import { type ConfigDefinition, ConfigType } from './config-definition.ts';
import { TOPIC_CONFIGS } from './topic-configs.ts';

const { BOOLEAN, INT, LONG, STRING } = ConfigType;

/** The broker's own settings under Kafka's names, and the defaults of its topics. All read-only. */
export function brokerConfigs(cluster: Cluster): ConfigDefinition[] {
  const { settings } = cluster;
  const own: [name: string, type: number, value: unknown, documentation: string][] = [
    ['auto.create.topics.enable', BOOLEAN, settings.autoCreateTopics, 'Metadata requests create unknown topics.'],
    ['broker.id', INT, settings.nodeId, 'Node id.'],
    ['default.replication.factor', INT, 1, 'One broker.'],
    ['delete.topic.enable', BOOLEAN, true, 'Topics can be deleted.'],
    ['fetch.max.bytes', INT, settings.maxFetchBytes, 'Largest Fetch response.'],
    [
      'group.initial.rebalance.delay.ms',
      INT,
      settings.initialRebalanceDelayMs,
      'Wait of an empty group for more members.',
    ],
    ['group.max.session.timeout.ms', INT, settings.maxSessionTimeoutMs, 'Longest session timeout.'],
    ['group.min.session.timeout.ms', INT, settings.minSessionTimeoutMs, 'Shortest session timeout.'],
    ['log.flush.scheduler.interval.ms', LONG, settings.flushIntervalMs, 'How often written data is sent to the disk.'],
    ['log.retention.check.interval.ms', LONG, settings.retentionCheckIntervalMs, 'How often retention is enforced.'],
    ['node.id', INT, settings.nodeId, 'Node id.'],
    ['num.partitions', INT, settings.defaultPartitions, 'Partitions of a topic that does not say.'],
    [
      'offsets.retention.minutes',
      INT,
      Math.round(settings.offsetsRetentionMs / 60_000),
      'Life of offsets of an empty group.',
    ],
    ['producer.id.expiration.ms', INT, settings.producerIdExpirationMs, 'Life of an idle idempotent producer.'],
    ['socket.request.max.bytes', INT, settings.maxRequestBytes, 'Largest request.'],
    ['transaction.max.timeout.ms', INT, settings.maxTransactionTimeoutMs, 'Longest transaction timeout.'],
  ];
  const defaults = TOPIC_CONFIGS.flatMap((d): ConfigDefinition[] =>
    d.brokerName ? [{ ...d, name: d.brokerName }] : [],
  );
  const described = own.map(([name, type, value, documentation]) => ({
    name,
    type,
    default: String(value),
    documentation,
  }));
  return [...described, { name: 'broker.rack', type: STRING, default: '', documentation: 'No racks.' }, ...defaults];
}
