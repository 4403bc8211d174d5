import { codeOf, ErrorCode } from '../errors.ts';
import { bool, int16, int32, int64, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * EndTxn · key 26 · versions 0–1
 *
 * Behaviour: the decision goes to disk first, then the markers to every partition and, on commit, the offsets to their
 * groups; all before the answer. A repeated end with the same decision succeeds.
 * KIPs: 98.
 */
const request = struct({ transactionalId: string, producerId: int64, producerEpoch: int16, committed: bool });
const response = struct({ throttleTimeMs: int32, errorCode: int16 });

export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  versions: [0, 1],
  flexibleSince: 3,
  request,
  response,
  handle(cluster, { transactionalId, producerId, producerEpoch: epoch, committed }) {
    try {
      cluster.transactions.end({ transactionalId, producerId, epoch }, committed);
      return { throttleTimeMs: 0, errorCode: ErrorCode.NONE };
    } catch (error) {
      return { throttleTimeMs: 0, errorCode: codeOf(error) };
    }
  },
  refuse: (_body, errorCode) => ({ throttleTimeMs: 0, errorCode }),
});
