import { ErrorCode } from '../errors.ts';
import { array, int8, int16, int32, nullableString, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DeleteAcls · key 31 · versions 0–1
 *
 * Behaviour: there is no authorizer: SECURITY_DISABLED for each.
 * Versions: 1 pattern type (KIP-290).
 */
const request = struct({
  filters: array(
    struct({
      resourceType: int8,
      resourceName: nullableString,
      patternType: since(1, int8, 3),
      principal: nullableString,
      host: nullableString,
      operation: int8,
      permission: int8,
    }),
  ),
});

const matching = struct({
  errorCode: int16,
  errorMessage: nullableString,
  resourceType: int8,
  resourceName: string,
  patternType: since(1, int8, 3),
  principal: string,
  host: string,
  operation: int8,
  permission: int8,
});

const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ errorCode: int16, errorMessage: nullableString, matching: array(matching) })),
});

export const deleteAcls = defineApi({
  key: 31,
  name: 'DeleteAcls',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle: (_cluster, body) => refusals(body.filters.length, ErrorCode.SECURITY_DISABLED),
  refuse: (body, errorCode) => refusals(body.filters.length, errorCode),
});

function refusals(count: number, errorCode: number) {
  const result = { errorCode, errorMessage: 'No Authorizer is configured on the broker', matching: [] };
  return { throttleTimeMs: 0, results: Array.from({ length: count }, () => result) };
}
