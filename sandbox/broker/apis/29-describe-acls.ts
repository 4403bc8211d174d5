import { ErrorCode } from '../errors.ts';
import { array, int8, int16, int32, nullableString, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DescribeAcls · key 29 · versions 0–1
 *
 * Behaviour: there is no authorizer: SECURITY_DISABLED, as Kafka answers without one.
 * Versions: 1 pattern type (KIP-290).
 */
const request = struct({
  resourceType: int8,
  resourceName: nullableString,
  patternType: since(1, int8, 3),
  principal: nullableString,
  host: nullableString,
  operation: int8,
  permission: int8,
});

const acl = struct({ principal: string, host: string, operation: int8, permission: int8 });

const response = struct({
  throttleTimeMs: int32,
  errorCode: int16,
  errorMessage: nullableString,
  resources: array(struct({ type: int8, name: string, patternType: since(1, int8, 3), acls: array(acl) })),
});

export const describeAcls = defineApi({
  key: 29,
  name: 'DescribeAcls',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle: () => refusal(ErrorCode.SECURITY_DISABLED),
  refuse: (_body, errorCode) => refusal(errorCode),
});

const refusal = (errorCode: number) => ({
  throttleTimeMs: 0,
  errorCode,
  errorMessage: 'No Authorizer is configured on the broker',
  resources: [],
});
