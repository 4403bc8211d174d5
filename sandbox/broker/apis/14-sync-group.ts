import { ErrorCode } from '../errors.ts';
import { NO_ASSIGNMENT, type SyncResult } from '../groups/group.ts';
import { sync } from '../groups/sync.ts';
import { array, bytes, int16, int32, nullableString, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * SyncGroup · key 14 · versions 0–3
 *
 * Behaviour: held until the leader's assignments are here; a member that the leader left out gets an empty one. A
 * rebalance meanwhile answers 27. Members that never sync are evicted after the rebalance timeout.
 * Versions: 1 throttle time · 3 static membership (KIP-345).
 */
const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString),
  assignments: array(struct({ memberId: string, assignment: bytes })),
});

const response = struct({ throttleTimeMs: since(1, int32), errorCode: int16, assignment: bytes });

export const syncGroup = defineApi({
  key: 14,
  name: 'SyncGroup',
  versions: [0, 3],
  flexibleSince: 4,
  request,
  response,
  handle(cluster, body) {
    const group = cluster.groups.get(body.groupId);
    if (!group) return answer({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, assignment: NO_ASSIGNMENT });
    return new Promise((resolve) => {
      const wanted = {
        memberId: body.memberId,
        instanceId: body.groupInstanceId,
        generation: body.generationId,
        assignments: body.assignments,
      };
      sync(cluster.groups.context, group, wanted, (result) => resolve(answer(result)));
    });
  },
  refuse: (_body, errorCode) => answer({ errorCode, assignment: NO_ASSIGNMENT }),
});

const answer = (result: SyncResult) => ({ throttleTimeMs: 0, ...result });
