import { codeOf, ErrorCode } from '../errors.ts';
import type { OffsetToCommit } from '../groups/coordinator.ts';
import { array, int16, int32, int64, nullableString, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * TxnOffsetCommit · key 28 · versions 0–1
 *
 * Behaviour: the offsets are kept with the transaction; the group sees them when it commits and never when it aborts.
 * KIPs: 98.
 */
const request = struct({
  transactionalId: string,
  groupId: string,
  producerId: int64,
  producerEpoch: int16,
  topics: array(
    struct({ name: string, partitions: array(struct({ index: int32, offset: int64, metadata: nullableString })) }),
  ),
});

const response = struct({
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
});

type Request = ValueOf<typeof request>;

export const txnOffsetCommit = defineApi({
  key: 28,
  name: 'TxnOffsetCommit',
  versions: [0, 1],
  flexibleSince: 3,
  request,
  response,
  handle(cluster, body) {
    const { transactionalId, producerId, producerEpoch: epoch } = body;
    const isKnown = (topic: string, index: number) => cluster.topics.partition(topic, index) !== undefined;
    const offsets: OffsetToCommit[] = body.topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ index }) => isKnown(name, index))
        .map(({ index, offset, metadata }) => ({ topic: name, partition: index, offset, metadata, leaderEpoch: -1 })),
    );
    try {
      cluster.transactions.addOffsets({ transactionalId, producerId, epoch }, body.groupId, offsets);
      return answer(body, (topic, index) =>
        isKnown(topic, index) ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      );
    } catch (error) {
      return answer(body, () => codeOf(error));
    }
  },
  refuse: (body, errorCode) => answer(body, () => errorCode),
});

function answer(body: Request, code: (topic: string, partition: number) => number): ValueOf<typeof response> {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index }) => ({ index, errorCode: code(name, index) })),
  }));
  return { throttleTimeMs: 0, topics };
}
