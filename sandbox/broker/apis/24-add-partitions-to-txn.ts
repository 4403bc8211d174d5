import { codeOf, ErrorCode } from '../errors.ts';
import { array, int16, int32, int64, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * AddPartitionsToTxn · key 24 · versions 0–1
 *
 * Behaviour: begins the transaction if none is open. Unknown partitions are named and nothing is added.
 * KIPs: 98.
 */
const request = struct({
  transactionalId: string,
  producerId: int64,
  producerEpoch: int16,
  topics: array(struct({ name: string, partitions: array(int32) })),
});

const response = struct({
  throttleTimeMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, errorCode: int16 })) })),
});

type Request = ValueOf<typeof request>;

export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: [0, 1],
  flexibleSince: 3,
  request,
  response,
  handle(cluster, body) {
    const wanted = body.topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({ topic: name, partition })),
    );
    const isKnown = (topic: string, partition: number) => cluster.topics.partition(topic, partition) !== undefined;
    if (!wanted.every(({ topic, partition }) => isKnown(topic, partition))) {
      return answer(body, (topic, partition) =>
        isKnown(topic, partition) ? ErrorCode.OPERATION_NOT_ATTEMPTED : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      );
    }
    const { transactionalId, producerId, producerEpoch: epoch } = body;
    try {
      cluster.transactions.addPartitions({ transactionalId, producerId, epoch }, wanted);
      return answer(body, () => ErrorCode.NONE);
    } catch (error) {
      return answer(body, () => codeOf(error));
    }
  },
  refuse: (body, errorCode) => answer(body, () => errorCode),
});

function answer(body: Request, code: (topic: string, partition: number) => number): ValueOf<typeof response> {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((index) => ({ index, errorCode: code(name, index) })),
  }));
  return { throttleTimeMs: 0, topics };
}
