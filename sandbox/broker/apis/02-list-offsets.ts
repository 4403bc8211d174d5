import type { Cluster } from '../cluster.ts';
import { ErrorCode } from '../errors.ts';
import { array, int8, int16, int32, int64, since, string, struct, until, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * ListOffsets · key 2 · versions 0–3
 *
 * Behaviour: −1 is the log end (the last stable offset for read_committed), −2 the log start, a time in ms the first
 * record at or after it (−1/−1 when there is none).
 * Versions: 0 answers a list of offsets · 1 offset and timestamp · 2 isolation level (KIP-98).
 */
const request = struct({
  replicaId: int32,
  isolationLevel: since(2, int8),
  topics: array(
    struct({
      name: string,
      partitions: array(struct({ index: int32, timestamp: int64, maxOffsets: until(0, int32, 1) })),
    }),
  ),
});

const partitionResponse = struct({
  index: int32,
  errorCode: int16,
  offsets: until(0, array(int64)),
  timestamp: since(1, int64, -1),
  offset: since(1, int64, -1),
});

const response = struct({
  throttleTimeMs: since(2, int32),
  topics: array(struct({ name: string, partitions: array(partitionResponse) })),
});

type PartitionResponse = ValueOf<typeof partitionResponse>;
const LATEST = -1;
const EARLIEST = -2;

export const listOffsets = defineApi({
  key: 2,
  name: 'ListOffsets',
  versions: [0, 3],
  flexibleSince: 6,
  request,
  response,
  handle: (cluster, body) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((p) => lookUp(cluster, name, p.index, p.timestamp, body.isolationLevel === 1)),
    })),
  }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((p) => result(p.index, errorCode, -1, -1)),
    })),
  }),
});

function lookUp(
  cluster: Cluster,
  topic: string,
  index: number,
  timestamp: number,
  committedOnly: boolean,
): PartitionResponse {
  const log = cluster.topics.partition(topic, index);
  if (!log) return result(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, -1, -1);
  const end = committedOnly ? log.lastStableOffset : log.logEndOffset;
  if (timestamp === LATEST) return result(index, ErrorCode.NONE, end, -1);
  if (timestamp === EARLIEST) return result(index, ErrorCode.NONE, log.logStartOffset, -1);
  const found = log.findTime(timestamp);
  if (!found || found.offset >= end) return result(index, ErrorCode.NONE, -1, -1);
  return result(index, ErrorCode.NONE, found.offset, found.timestamp);
}

function result(index: number, errorCode: number, offset: number, timestamp: number): PartitionResponse {
  return { index, errorCode, offsets: offset >= 0 ? [offset] : [], timestamp, offset };
}
