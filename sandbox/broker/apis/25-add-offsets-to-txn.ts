import { codeOf, ErrorCode } from '../errors.ts';
import { int16, int32, int64, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * AddOffsetsToTxn · key 25 · versions 0–1
 *
 * Behaviour: begins the transaction if none is open; the offsets themselves come with TxnOffsetCommit.
 * KIPs: 98.
 */
const request = struct({ transactionalId: string, producerId: int64, producerEpoch: int16, groupId: string });
const response = struct({ throttleTimeMs: int32, errorCode: int16 });

export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: [0, 1],
  flexibleSince: 3,
  request,
  response,
  handle(cluster, { transactionalId, producerId, producerEpoch: epoch }) {
    try {
      cluster.transactions.addGroup({ transactionalId, producerId, epoch });
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE };
    } catch (error) {
      return { throttleTimeMs: 0, errorCode: codeOf(error) };
    }
  },
  refuse: (_body, errorCode) => ({ throttleTimeMs: 0, errorCode }),
});
