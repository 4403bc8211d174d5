import type { Cluster } from '../cluster.ts';
import { changedConfigs } from '../configs/resource.ts';
import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import { array, bool, int16, int32, nullableString, since, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * CreateTopics · key 19 · versions 0–3
 *
 * Behaviour: −1 partitions means the broker's default in every version (kafkajs sends it on v3). Replication factor 1
 * or −1. A manual assignment may only name this broker. Unknown or impossible settings are refused.
 * Versions: 1 validate only, error message · 2 throttle time.
 */
const request = struct({
  topics: array(
    struct({
      name: string,
      partitions: int32,
      replicationFactor: int16,
      assignments: array(struct({ index: int32, brokerIds: array(int32) })),
      configs: array(struct({ name: string, value: nullableString })),
    }),
  ),
  timeoutMs: int32,
  validateOnly: since(1, bool),
});

const response = struct({
  throttleTimeMs: since(2, int32),
  topics: array(struct({ name: string, errorCode: int16, errorMessage: since(1, nullableString) })),
});

type Wanted = ValueOf<typeof request>['topics'][number];

export const createTopics = defineApi({
  key: 19,
  name: 'CreateTopics',
  versions: [0, 3],
  flexibleSince: 5,
  request,
  response,
  handle(cluster, body) {
    const names = body.topics.map((topic) => topic.name);
    const topics = body.topics.map((topic) => {
      try {
        if (names.indexOf(topic.name) !== names.lastIndexOf(topic.name)) {
          throw new ProtocolError(ErrorCode.INVALID_REQUEST, `topic ${topic.name} is named twice`);
        }
        create(cluster, topic, body.validateOnly);
        return { name: topic.name, errorCode: ErrorCode.NONE, errorMessage: null };
      } catch (error) {
        const errorMessage = error instanceof ProtocolError ? error.message : null;
        return { name: topic.name, errorCode: codeOf(error), errorMessage };
      }
    });
    return { throttleTimeMs: 0, topics };
  },
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
  }),
});

function create(cluster: Cluster, topic: Wanted, validateOnly: boolean): void {
  const configs = changedConfigs({}, topic.configs);
  const partitions = partitionCount(cluster, topic);
  if (validateOnly) cluster.topics.checkNew(topic.name, partitions);
  else cluster.topics.create(topic.name, partitions, configs);
}

function partitionCount(cluster: Cluster, topic: Wanted): number {
  if (topic.assignments.length === 0) {
    if (topic.replicationFactor !== 1 && topic.replicationFactor !== -1) {
      throw new ProtocolError(ErrorCode.INVALID_REPLICATION_FACTOR, 'there is one broker: the replication factor is 1');
    }
    return topic.partitions === -1 ? cluster.settings.defaultPartitions : topic.partitions;
  }
  const indexes = topic.assignments.map((a) => a.index).sort((a, b) => a - b);
  const isHere = topic.assignments.every((a) => a.brokerIds.length === 1 && a.brokerIds[0] === cluster.settings.nodeId);
  if (!isHere || indexes.some((index, i) => index !== i)) {
    throw new ProtocolError(
      ErrorCode.INVALID_REPLICA_ASSIGNMENT,
      `assign partitions 0…n to broker ${cluster.settings.nodeId}`,
    );
  }
  return indexes.length;
}
