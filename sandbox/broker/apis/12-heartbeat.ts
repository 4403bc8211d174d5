import { ErrorCode } from '../errors.ts';
import { heartbeat as beat } from '../groups/heartbeat.ts';
import { int16, int32, nullableString, since, string, struct } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * Heartbeat · key 12 · versions 0–3
 *
 * Behaviour: unknown group or member 25, wrong generation 22, rebalance under way 27.
 * Versions: 1 throttle time · 3 static membership (KIP-345).
 */
const request = struct({
  groupId: string,
  generationId: int32,
  memberId: string,
  groupInstanceId: since(3, nullableString),
});

const response = struct({ throttleTimeMs: since(1, int32), errorCode: int16 });

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: [0, 3],
  flexibleSince: 4,
  request,
  response,
  handle(cluster, body) {
    const group = cluster.groups.get(body.groupId);
    if (!group) return { throttleTimeMs: 0, errorCode: ErrorCode.UNKNOWN_MEMBER_ID };
    const identity = { memberId: body.memberId, instanceId: body.groupInstanceId, generation: body.generationId };
    return { throttleTimeMs: 0, errorCode: beat(cluster.groups.context, group, identity) };
  },
  refuse: (_body, errorCode) => ({ throttleTimeMs: 0, errorCode }),
});
