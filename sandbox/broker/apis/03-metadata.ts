import type { Cluster } from '../cluster.ts';
import { codeOf, ErrorCode } from '../errors.ts';
import { isInternalTopic, topicNameComplaint } from '../log/topic-name.ts';
import type { Topic } from '../log/topic-store.ts';
import {
  array,
  bool,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * Metadata · key 3 · versions 0–6
 *
 * Behaviour: one broker, which is also the controller and leads every partition; its address is that of the listener
 * asked. Unknown topics are created when the request allows it and are answered at once without an error (Kafka
 * answers LEADER_NOT_AVAILABLE first, which costs clients a retry).
 * Versions: 0 empty list means all topics, from 1 null does · 4 auto-creation flag · 5 offline replicas.
 */
const request = struct({
  topics: nullableArray(string),
  allowAutoTopicCreation: since(4, bool, true),
});

const partition = struct({
  errorCode: int16,
  index: int32,
  leaderId: int32,
  replicas: array(int32),
  inSyncReplicas: array(int32),
  offlineReplicas: since(5, array(int32)),
});

const topicResponse = struct({
  errorCode: int16,
  name: string,
  isInternal: since(1, bool),
  partitions: array(partition),
});

const response = struct({
  throttleTimeMs: since(3, int32),
  brokers: array(struct({ nodeId: int32, host: string, port: int32, rack: since(1, nullableString) })),
  clusterId: since(2, nullableString),
  controllerId: since(1, int32, -1),
  topics: array(topicResponse),
});

export const metadata = defineApi({
  key: 3,
  name: 'Metadata',
  versions: [0, 6],
  flexibleSince: 9,
  request,
  response,
  handle(cluster, body, context) {
    const all = body.topics === null || (context.version === 0 && body.topics.length === 0);
    const names = all ? cluster.topics.all().map((topic) => topic.name) : [...new Set(body.topics)];
    const { nodeId } = cluster.settings;
    return {
      throttleTimeMs: 0,
      brokers: [{ nodeId, host: context.advertised.host, port: context.advertised.port, rack: null }],
      clusterId: cluster.clusterId,
      controllerId: nodeId,
      topics: names.map((name) => describeTopic(cluster, name, body.allowAutoTopicCreation)),
    };
  },
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics: (body.topics ?? []).map((name) => failed(name, errorCode)),
  }),
});

function describeTopic(cluster: Cluster, name: string, mayCreate: boolean): ValueOf<typeof topicResponse> {
  const topic = cluster.topics.get(name);
  if (topic) return described(cluster, topic);
  if (topicNameComplaint(name)) return failed(name, ErrorCode.INVALID_TOPIC_EXCEPTION);
  if (!mayCreate || !cluster.settings.autoCreateTopics) return failed(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  try {
    return described(cluster, cluster.topics.create(name, cluster.settings.defaultPartitions, {}));
  } catch (error) {
    return failed(name, codeOf(error));
  }
}

function described(cluster: Cluster, topic: Topic): ValueOf<typeof topicResponse> {
  const self = [cluster.settings.nodeId];
  const partitions = topic.partitions.map((log) => ({
    errorCode: ErrorCode.NONE,
    index: log.partition,
    leaderId: cluster.settings.nodeId,
    replicas: self,
    inSyncReplicas: self,
    offlineReplicas: [],
  }));
  return { errorCode: ErrorCode.NONE, name: topic.name, isInternal: isInternalTopic(topic.name), partitions };
}

function failed(name: string, errorCode: number): ValueOf<typeof topicResponse> {
  return { errorCode, name, isInternal: false, partitions: [] };
}
