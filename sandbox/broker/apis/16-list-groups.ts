import { ErrorCode } from '../errors.ts';
import { array, int16, int32, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * ListGroups · key 16 · versions 0–2
 *
 * Behaviour: every group that has members or committed offsets.
 * Versions: 1 throttle time.
 */
const request = struct({});

const response = struct({
  throttleTimeMs: since(1, int32),
  errorCode: int16,
  groups: array(struct({ groupId: string, protocolType: string })),
});

export const listGroups = defineApi({
  key: 16,
  name: 'ListGroups',
  versions: [0, 2],
  flexibleSince: 3,
  request,
  response,
  handle: (cluster) => ({
    throttleTimeMs: 0,
    errorCode: ErrorCode.NONE,
    groups: cluster.groups.all().map(({ id, protocolType }) => ({ groupId: id, protocolType })),
  }),
  refuse: (_body, errorCode) => ({ throttleTimeMs: 0, errorCode, groups: [] }),
});
