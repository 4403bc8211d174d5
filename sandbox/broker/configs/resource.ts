import type { Cluster } from '../cluster.ts';
import { ErrorCode, ProtocolError } from '../errors.ts';
import { brokerConfigs } from './broker-configs.ts';
import { type ConfigDefinition, ConfigSource, complaintAbout } from './config-definition.ts';
import { TOPIC_CONFIGS, topicConfig } from './topic-configs.ts';

/** ConfigResource.Type: what a setting belongs to. */
export const ResourceType = { TOPIC: 2, BROKER: 4 } as const;

export interface DescribedConfig {
  definition: ConfigDefinition;
  value: string;
  source: number;
  readOnly: boolean;
}

/** Every setting of a topic or of this broker with the value in effect. Throws ProtocolError for anything else. */
export function describeResource(cluster: Cluster, type: number, name: string): DescribedConfig[] {
  if (type === ResourceType.BROKER) {
    checkBroker(cluster, name);
    return brokerConfigs(cluster).map((definition) => ({
      definition,
      value: definition.default,
      source: ConfigSource.STATIC_BROKER,
      readOnly: true,
    }));
  }
  const configs = topicOverrides(cluster, type, name);
  return TOPIC_CONFIGS.map((definition) => ({
    definition,
    value: configs[definition.name] ?? definition.default,
    source: definition.name in configs ? ConfigSource.TOPIC : ConfigSource.DEFAULT,
    readOnly: false,
  }));
}

/** The settings that a topic has of its own. Throws ProtocolError when the resource is not a known topic. */
export function topicOverrides(cluster: Cluster, type: number, name: string): Readonly<Record<string, string>> {
  if (type === ResourceType.BROKER) {
    throw new ProtocolError(ErrorCode.INVALID_REQUEST, 'broker settings are read-only');
  }
  if (type !== ResourceType.TOPIC)
    throw new ProtocolError(ErrorCode.INVALID_REQUEST, `no settings of resource type ${type}`);
  const topic = cluster.topics.get(name);
  if (!topic) throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${name} does not exist`);
  return topic.configs;
}

/** The settings after a change; null takes one back to its default. Throws INVALID_CONFIG. */
export function changedConfigs(
  before: Readonly<Record<string, string>>,
  changes: readonly { name: string; value: string | null }[],
): Record<string, string> {
  const after = { ...before };
  for (const { name, value } of changes) {
    const definition = topicConfig(name);
    if (!definition) throw new ProtocolError(ErrorCode.INVALID_CONFIG, `unknown topic setting ${name}`);
    if (value === null) {
      delete after[name];
      continue;
    }
    const complaint = complaintAbout(definition, value);
    if (complaint) throw new ProtocolError(ErrorCode.INVALID_CONFIG, complaint);
    after[name] = value;
  }
  return after;
}

function checkBroker(cluster: Cluster, name: string): void {
  if (name !== '' && name !== String(cluster.settings.nodeId)) {
    throw new ProtocolError(ErrorCode.INVALID_REQUEST, `this is broker ${cluster.settings.nodeId}, not ${name}`);
  }
}
