import { ErrorCode } from '../errors.ts';
import type { OffsetToCommit } from '../groups/coordinator.ts';
import { commitRefusal, MAX_OFFSET_METADATA_BYTES } from '../groups/offsets.ts';
import {
  array,
  int16,
  int32,
  int64,
  nullableString,
  since,
  string,
  struct,
  until,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * OffsetCommit · key 8 · versions 2–5
 *
 * Behaviour: members of the present generation may commit, and anybody while the group has no members. Metadata is
 * kept. Negative offsets are stored as they come (kafkajs resets groups that way). Written before the answer.
 * Versions: 2 retention time (ignored, gone in 5) · 3 throttle time.
 */
const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  retentionTimeMs: until(4, int64, -1),
  topics: array(
    struct({ name: string, partitions: array(struct({ index: int32, offset: int64, metadata: nullableString })) }),
  ),
});

const response = struct({
  throttleTimeMs: since(3, int32),
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
});

type Request = ValueOf<typeof request>;

export const offsetCommit = defineApi({
  key: 8,
  name: 'OffsetCommit',
  versions: [2, 5],
  flexibleSince: 8,
  request,
  response,
  handle(cluster, body) {
    if (body.groupId === '') return answer(body, () => ErrorCode.INVALID_GROUP_ID);
    const group = cluster.groups.get(body.groupId);
    if (!group && body.generationId >= 0) return answer(body, () => ErrorCode.ILLEGAL_GENERATION);
    const identity = { memberId: body.memberId, instanceId: null, generation: body.generationId };
    const refusal = commitRefusal(group ?? cluster.groups.getOrCreate(body.groupId), identity);
    if (refusal !== ErrorCode.NONE) return answer(body, () => refusal);
    const accepted: OffsetToCommit[] = [];
    const result = answer(body, (topic, { index, offset, metadata }) => {
      if (!cluster.topics.partition(topic, index)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      if (metadata !== null && Buffer.byteLength(metadata) > MAX_OFFSET_METADATA_BYTES) {
        return ErrorCode.OFFSET_METADATA_TOO_LARGE;
      }
      accepted.push({ topic, partition: index, offset, leaderEpoch: -1, metadata });
      return ErrorCode.NONE;
    });
    if (accepted.length > 0) cluster.groups.commit(body.groupId, accepted);
    return result;
  },
  refuse: (body, errorCode) => answer(body, () => errorCode),
});

type PartitionRequest = Request['topics'][number]['partitions'][number];

function answer(body: Request, code: (topic: string, partition: PartitionRequest) => number): ValueOf<typeof response> {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((p) => ({ index: p.index, errorCode: code(name, p) })),
  }));
  return { throttleTimeMs: 0, topics };
}
