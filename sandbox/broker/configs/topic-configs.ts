import type { LogSettings } from '../log/partition-log.ts';
import { type ConfigDefinition, ConfigType } from './config-definition.ts';

const { BOOLEAN, INT, LONG, DOUBLE, STRING, LIST } = ConfigType;
const MAX_LONG = '9223372036854775807';

/**
 * Every topic setting of Kafka with its default. The ones this broker acts on say so; the others are stored and
 * described so that admin clients find what they expect.
 */
export const TOPIC_CONFIGS: readonly ConfigDefinition[] = [
  define(
    'cleanup.policy',
    LIST,
    'delete',
    'Old segments are deleted (in effect) or compacted (stored only).',
    'log.cleanup.policy',
    {
      allowed: ['delete', 'compact'],
    },
  ),
  define(
    'compression.type',
    STRING,
    'producer',
    'Batches are kept as the producer compressed them.',
    'compression.type',
    {
      allowed: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
    },
  ),
  define(
    'delete.retention.ms',
    LONG,
    '86400000',
    'How long tombstones stay in a compacted topic (stored only).',
    'log.cleaner.delete.retention.ms',
  ),
  define(
    'file.delete.delay.ms',
    LONG,
    '60000',
    'Stored only: files are deleted at once.',
    'log.segment.delete.delay.ms',
  ),
  define(
    'flush.messages',
    LONG,
    MAX_LONG,
    '1: fdatasync before each acknowledgement (in effect). Otherwise once a second.',
    'log.flush.interval.messages',
    {
      min: 1,
    },
  ),
  define('flush.ms', LONG, MAX_LONG, 'Stored only: everything is flushed once a second.', 'log.flush.interval.ms'),
  define('follower.replication.throttled.replicas', LIST, '', 'Stored only: one broker.'),
  define('index.interval.bytes', INT, '4096', 'Stored only: every batch is indexed.', 'log.index.interval.bytes'),
  define('leader.replication.throttled.replicas', LIST, '', 'Stored only: one broker.'),
  define('max.compaction.lag.ms', LONG, MAX_LONG, 'Stored only.', 'log.cleaner.max.compaction.lag.ms'),
  define(
    'max.message.bytes',
    INT,
    '1048588',
    'Largest record batch that is accepted (in effect).',
    'message.max.bytes',
    { min: 0 },
  ),
  define(
    'message.downconversion.enable',
    BOOLEAN,
    'true',
    'Stored only: batches have one format.',
    'log.message.downconversion.enable',
  ),
  define('message.format.version', STRING, '3.0-IV1', 'Record batch v2.', 'log.message.format.version'),
  define(
    'message.timestamp.difference.max.ms',
    LONG,
    MAX_LONG,
    'Stored only.',
    'log.message.timestamp.difference.max.ms',
  ),
  define(
    'message.timestamp.type',
    STRING,
    'CreateTime',
    "The producer's time, or the broker's (in effect).",
    'log.message.timestamp.type',
    {
      allowed: ['CreateTime', 'LogAppendTime'],
    },
  ),
  define('min.cleanable.dirty.ratio', DOUBLE, '0.5', 'Stored only.', 'log.cleaner.min.cleanable.ratio'),
  define('min.compaction.lag.ms', LONG, '0', 'Stored only.', 'log.cleaner.min.compaction.lag.ms'),
  define('min.insync.replicas', INT, '1', 'Stored only: one replica.', 'min.insync.replicas', { min: 1 }),
  define('preallocate', BOOLEAN, 'false', 'Stored only.', 'log.preallocate'),
  define(
    'retention.bytes',
    LONG,
    '-1',
    'Whole segments above this size per partition are deleted (in effect).',
    'log.retention.bytes',
    { min: -1 },
  ),
  define(
    'retention.ms',
    LONG,
    '604800000',
    'Whole segments older than this are deleted (in effect).',
    'log.retention.ms',
    { min: -1 },
  ),
  define('segment.bytes', INT, '16777216', 'A segment file is closed at this size (in effect).', 'log.segment.bytes', {
    min: 14,
  }),
  define('segment.index.bytes', INT, '10485760', 'Stored only.', 'log.index.size.max.bytes'),
  define('segment.jitter.ms', LONG, '0', 'Stored only.', 'log.roll.jitter.ms'),
  define('segment.ms', LONG, '604800000', 'A segment file is closed at this age (in effect).', 'log.roll.ms', {
    min: 1,
  }),
  define(
    'unclean.leader.election.enable',
    BOOLEAN,
    'false',
    'Stored only: one broker.',
    'unclean.leader.election.enable',
  ),
];

const BY_NAME = new Map(TOPIC_CONFIGS.map((definition) => [definition.name, definition]));

export function topicConfig(name: string): ConfigDefinition | undefined {
  return BY_NAME.get(name);
}

/** Value in effect: the topic's own, else the default. */
export function effectiveConfig(overrides: Readonly<Record<string, string>>, name: string): string {
  return overrides[name] ?? BY_NAME.get(name)?.default ?? '';
}

export function logSettingsOf(overrides: Readonly<Record<string, string>>): LogSettings {
  const number = (name: string) => Number(effectiveConfig(overrides, name));
  return {
    segmentBytes: number('segment.bytes'),
    segmentMs: number('segment.ms'),
    maxMessageBytes: number('max.message.bytes'),
    appendTime: effectiveConfig(overrides, 'message.timestamp.type') === 'LogAppendTime',
    syncEachAppend: number('flush.messages') === 1,
  };
}

function define(
  name: string,
  type: number,
  value: string,
  documentation: string,
  brokerName?: string,
  limits: Pick<ConfigDefinition, 'allowed' | 'min'> = {},
): ConfigDefinition {
  return { name, type, default: value, documentation, brokerName, ...limits };
}
