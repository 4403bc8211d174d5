import { ErrorCode } from '../errors.ts';
import type { JoinResult } from '../groups/group.ts';
import { join } from '../groups/join.ts';
import { joinRefusal } from '../groups/rebalance.ts';
import { array, bytes, int16, int32, nullableString, since, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * JoinGroup · key 11 · versions 0–5
 *
 * Behaviour: the answer is held until all known members have joined, or the longest rebalance timeout is over. The
 * protocol is chosen by vote; the leader stays if it is still there, and only the leader gets the members.
 * Versions: 1 rebalance timeout (0 uses the session timeout) · 2 throttle time · 4 MEMBER_ID_REQUIRED (KIP-394) ·
 * 5 static membership (KIP-345).
 */
const request = struct({
  groupId: string,
  sessionTimeoutMs: int32,
  rebalanceTimeoutMs: since(1, int32, -1),
  memberId: string,
  groupInstanceId: since(5, nullableString),
  protocolType: string,
  protocols: array(struct({ name: string, metadata: bytes })),
});

const response = struct({
  throttleTimeMs: since(2, int32),
  errorCode: int16,
  generationId: int32,
  protocolName: string,
  leader: string,
  memberId: string,
  members: array(struct({ memberId: string, groupInstanceId: since(5, nullableString), metadata: bytes })),
});

export const joinGroup = defineApi({
  key: 11,
  name: 'JoinGroup',
  versions: [0, 5],
  flexibleSince: 6,
  request,
  response,
  handle(cluster, body, context) {
    if (body.groupId === '') return answer(joinRefusal(ErrorCode.INVALID_GROUP_ID, body.memberId));
    const known = cluster.groups.get(body.groupId);
    if (!known && body.memberId !== '') return answer(joinRefusal(ErrorCode.UNKNOWN_MEMBER_ID, body.memberId));
    const group = known ?? cluster.groups.getOrCreate(body.groupId);
    return new Promise((resolve) => {
      const wanted = {
        memberId: body.memberId,
        instanceId: body.groupInstanceId,
        clientId: context.clientId,
        clientHost: context.clientHost,
        sessionTimeoutMs: body.sessionTimeoutMs,
        rebalanceTimeoutMs: context.version === 0 ? body.sessionTimeoutMs : body.rebalanceTimeoutMs,
        protocolType: body.protocolType,
        // Copied: the originals are views of the network buffer, which would stay in memory with them.
        protocols: body.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
        memberIdRequired: context.version >= 4,
      };
      join(cluster.groups.context, group, wanted, (result) => resolve(answer(result)));
    });
  },
  refuse: (body, errorCode) => answer(joinRefusal(errorCode, body.memberId)),
});

function answer(result: JoinResult): ValueOf<typeof response> {
  return {
    throttleTimeMs: 0,
    errorCode: result.errorCode,
    generationId: result.generation,
    protocolName: result.protocol,
    leader: result.leader,
    memberId: result.memberId,
    members: result.members.map(({ memberId, instanceId, metadata }) => ({
      memberId,
      groupInstanceId: instanceId,
      metadata,
    })),
  };
}
