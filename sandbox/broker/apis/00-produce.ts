import type { Cluster } from '../cluster.ts';
import { logSettingsOf } from '../configs/topic-configs.ts';
import { codeOf, ErrorCode, ProtocolError } from '../errors.ts';
import { checkProducedBatch, isTransactional } from '../log/record-batch.ts';
import { describeError } from '../logger.ts';
import {
  array,
  int16,
  int32,
  int64,
  nullableBytes,
  nullableString,
  since,
  string,
  struct,
  type ValueOf,
} from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * Produce · key 0 · versions 0–8
 *
 * Behaviour: one record batch v2 per partition, checked, given its offsets and written to the page cache before the
 * answer. acks 0 answers nothing, 1 and −1 are the same with one replica. Retries of idempotent producers get the
 * offset of the first copy.
 * Versions: 3 transactional id · 5 log start offset · 8 record errors (KIP-467). 0–2 are advertised only because
 * Debian's librdkafka otherwise switches compression off (KAFKA-18659); they carry old message formats and are
 * answered with UNSUPPORTED_VERSION (Kafka 4 does the same).
 * KIPs: 98 (idempotence, transactions), 467.
 */
const request = struct({
  transactionalId: since(3, nullableString),
  acks: int16,
  timeoutMs: int32,
  topics: array(struct({ name: string, partitions: array(struct({ index: int32, records: nullableBytes })) })),
});

const partitionResponse = struct({
  index: int32,
  errorCode: int16,
  baseOffset: int64,
  logAppendTimeMs: since(2, int64, -1),
  logStartOffset: since(5, int64, -1),
  recordErrors: since(8, array(struct({ batchIndex: int32, message: nullableString }))),
  errorMessage: since(8, nullableString),
});

const response = struct({
  topics: array(struct({ name: string, partitions: array(partitionResponse) })),
  throttleTimeMs: since(1, int32),
});

type Request = ValueOf<typeof request>;
type PartitionResponse = ValueOf<typeof partitionResponse>;

const FIRST_WITH_RECORD_BATCHES = 3;

export const produce = defineApi({
  key: 0,
  name: 'Produce',
  versions: [0, 8],
  flexibleSince: 9,
  request,
  response,
  handle(cluster, body, context) {
    if (context.version < FIRST_WITH_RECORD_BATCHES) return refuseAll(body, ErrorCode.UNSUPPORTED_VERSION);
    if (body.acks < -1 || body.acks > 1) return refuseAll(body, ErrorCode.INVALID_REQUIRED_ACKS);
    const topics = body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ index, records }) => append(cluster, body.transactionalId, name, index, records)),
    }));
    return body.acks === 0 ? null : { topics, throttleTimeMs: 0 };
  },
  refuse: refuseAll,
});

function append(
  cluster: Cluster,
  transactionalId: string | null,
  topicName: string,
  index: number,
  records: Buffer | null,
): PartitionResponse {
  try {
    const topic = cluster.topics.get(topicName);
    const log = topic?.partitions[index];
    if (!topic || !log)
      throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `${topicName}-${index} does not exist`);
    const header = checkProducedBatch(records, logSettingsOf(topic.configs).maxMessageBytes);
    if (isTransactional(header)) {
      const { producerId, producerEpoch: epoch } = header;
      cluster.transactions.verify({ transactionalId: transactionalId ?? '', producerId, epoch }, topicName, index);
    }
    const bytes = records as Buffer;
    const result = log.append(bytes, header);
    if (!result.duplicate) {
      const { recordCount: count, sizeBytes } = header;
      cluster.events.emit('append', {
        topic: topicName,
        partition: index,
        baseOffset: result.baseOffset,
        count,
        sizeBytes,
      });
    }
    return {
      ...refused(index, ErrorCode.NONE),
      baseOffset: result.baseOffset,
      logAppendTimeMs: result.logAppendTime,
      logStartOffset: log.logStartOffset,
    };
  } catch (error) {
    const errorCode = codeOf(error);
    if (errorCode === ErrorCode.UNKNOWN_SERVER_ERROR || errorCode === ErrorCode.KAFKA_STORAGE_ERROR) {
      cluster.logger.error('append failed', { topic: topicName, partition: index, ...describeError(error) });
    }
    return { ...refused(index, errorCode), errorMessage: error instanceof ProtocolError ? error.message : null };
  }
}

function refused(index: number, errorCode: number): PartitionResponse {
  return {
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
  };
}

function refuseAll(body: Request, errorCode: number): ValueOf<typeof response> {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index }) => refused(index, errorCode)),
  }));
  return { topics, throttleTimeMs: 0 };
}
