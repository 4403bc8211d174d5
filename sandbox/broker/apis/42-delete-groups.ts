import { array, int16, int32, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DeleteGroups · key 42 · versions 0–1
 *
 * Behaviour: forgets the group and its committed offsets; NON_EMPTY_GROUP while it has members (KIP-229).
 */
const request = struct({ names: array(string) });

const response = struct({
  throttleTimeMs: int32,
  results: array(struct({ groupId: string, errorCode: int16 })),
});

export const deleteGroups = defineApi({
  key: 42,
  name: 'DeleteGroups',
  versions: [0, 1],
  flexibleSince: 2,
  request,
  response,
  handle: (cluster, body) => ({
    throttleTimeMs: 0,
    results: body.names.map((groupId) => ({ groupId, errorCode: cluster.groups.delete(groupId) })),
  }),
  refuse: (body, errorCode) => ({
    throttleTimeMs: 0,
    results: body.names.map((groupId) => ({ groupId, errorCode })),
  }),
});
