import type { Cluster } from '../cluster.ts';
import { codeOf, ErrorCode } from '../errors.ts';
import { array, int16, int32, int64, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DeleteRecords · key 21 · versions 0–1
 *
 * Behaviour: moves the log start to the offset (−1: to the end) and deletes the segments that lie wholly before it.
 * KIPs: 107.
 */
const request = struct({
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, offset: int64 })) })),
  timeoutMs: int32,
});

const partitionResponse = struct({ index: int32, lowWatermark: int64, errorCode: int16 });

const response = struct({
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(partitionResponse) })),
});

export const deleteRecords = defineApi({
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle: (cluster, body) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, offset }) => deleteBefore(cluster, name, index, offset)),
    })),
  }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index }) => ({ index, lowWatermark: -1, errorCode })),
    })),
  }),
});

function deleteBefore(
  cluster: Cluster,
  topic: string,
  index: number,
  offset: number,
): ValueOf<typeof partitionResponse> {
  const log = cluster.topics.partition(topic, index);
  if (!log) return { index, lowWatermark: -1, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION };
  try {
    return { index, lowWatermark: log.deleteBefore(offset), errorCode: ErrorCode.NONE };
  } catch (error) {
    return { index, lowWatermark: -1, errorCode: codeOf(error) };
  }
}
