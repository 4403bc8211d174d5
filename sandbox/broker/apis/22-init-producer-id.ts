import { ErrorCode } from '../errors.ts';
import { int16, int32, int64, nullableString, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * InitProducerId · key 22 · versions 0–1
 *
 * Behaviour: a new producer id at epoch 0 for idempotent producers (KIP-98).
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
    if (body.transactionalId !== null) return refusal(ErrorCode.COORDINATOR_NOT_AVAILABLE);
    return {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: cluster.producerIds.allocate(),
      producerEpoch: 0,
    };
  },
  refuse: (_body, errorCode) => refusal(errorCode),
});

const refusal = (errorCode: number) => ({ throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 });
