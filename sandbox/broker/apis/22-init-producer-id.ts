import { ErrorCode, ProtocolError } from '../errors.ts';
import { int16, int32, int64, nullableString, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * InitProducerId · key 22 · versions 0–1
 *
 * Behaviour: without a transactional id a new producer id at epoch 0. With one the same id at the next epoch: earlier
 * producers are fenced and what they left open is aborted before the answer.
 * KIPs: 98.
 */
const request = struct({ transactionalId: nullableString, transactionTimeoutMs: int32 });

const response = struct({ throttleTimeMs: int32, errorCode: int16, producerId: int64, producerEpoch: int16 });

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle(cluster, body) {
    const { transactionalId, transactionTimeoutMs } = body;
    if (transactionalId === null) return granted(cluster.producerIds.allocate(), 0);
    if (transactionalId === '') return refusal(ErrorCode.INVALID_REQUEST);
    try {
      const { producerId, epoch } = cluster.transactions.init(transactionalId, transactionTimeoutMs);
      return granted(producerId, epoch);
    } catch (error) {
      if (error instanceof ProtocolError) return refusal(error.code);
      throw error;
    }
  },
  refuse: (_body, errorCode) => refusal(errorCode),
});

const granted = (producerId: number, producerEpoch: number) => ({
  throttleTimeMs: 0,
  errorCode: ErrorCode.NONE,
  producerId,
  producerEpoch,
});

const refusal = (errorCode: number) => ({ throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 });
