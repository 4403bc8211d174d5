import { ErrorCode } from '../errors.ts';
import { int8, int16, int32, nullableString, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * FindCoordinator · key 10 · versions 0–2
 *
 * Behaviour: this broker coordinates every group and every transaction; the address is that of the listener asked.
 * Versions: 1 key type (0 group, 1 transaction), error message, throttle time.
 */
const request = struct({ key: string, keyType: since(1, int8) });

const response = struct({
  throttleTimeMs: since(1, int32),
  errorCode: int16,
  errorMessage: since(1, nullableString),
  nodeId: int32,
  host: string,
  port: int32,
});

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 2],
  flexibleSince: 3,
  request,
  response,
  handle(cluster, body, { advertised }) {
    if (body.keyType !== 0 && body.keyType !== 1) return refusal(ErrorCode.INVALID_REQUEST);
    return {
      ...refusal(ErrorCode.NONE),
      nodeId: cluster.settings.nodeId,
      host: advertised.host,
      port: advertised.port,
    };
  },
  refuse: (_body, errorCode) => refusal(errorCode),
});

function refusal(errorCode: number) {
  return { throttleTimeMs: 0, errorCode, errorMessage: null, nodeId: -1, host: '', port: -1 };
}
