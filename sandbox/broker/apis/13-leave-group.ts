import type { Cluster } from '../cluster.ts';
import { ErrorCode } from '../errors.ts';
import { leave } from '../groups/leave.ts';
import { array, int16, int32, nullableString, since, string, struct, until, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * LeaveGroup · key 13 · versions 0–3
 *
 * Behaviour: the member is gone at once and the others rebalance.
 * Versions: 1 throttle time · 3 several members, named by id or by instance (KIP-345).
 */
const request = struct({
  groupId: string,
  memberId: until(2, string),
  members: since(3, array(struct({ memberId: string, groupInstanceId: nullableString }))),
});

const response = struct({
  throttleTimeMs: since(1, int32),
  errorCode: int16,
  members: since(3, array(struct({ memberId: string, groupInstanceId: nullableString, errorCode: int16 }))),
});

type Member = ValueOf<typeof request>['members'][number];

export const leaveGroup = defineApi({
  key: 13,
  name: 'LeaveGroup',
  versions: [0, 3],
  flexibleSince: 4,
  request,
  response,
  handle(cluster, body, { version }) {
    if (version < 3) {
      const errorCode = leaveOne(cluster, body.groupId, { memberId: body.memberId, groupInstanceId: null });
      return { throttleTimeMs: 0, errorCode, members: [] };
    }
    const members = body.members.map((member) => ({ ...member, errorCode: leaveOne(cluster, body.groupId, member) }));
    return { throttleTimeMs: 0, errorCode: ErrorCode.NONE, members };
  },
  refuse: (_body, errorCode) => ({ throttleTimeMs: 0, errorCode, members: [] }),
});

function leaveOne(cluster: Cluster, groupId: string, member: Member): number {
  const group = cluster.groups.get(groupId);
  if (!group) return ErrorCode.UNKNOWN_MEMBER_ID;
  return leave(cluster.groups.context, group, member.memberId, member.groupInstanceId);
}
