import type { Cluster } from '../cluster.ts';
import { ErrorCode } from '../errors.ts';
import { type Group, NO_ASSIGNMENT } from '../groups/group.ts';
import { array, bytes, int16, int32, since, string, struct, type ValueOf } from '../wire/codec.ts';
import { defineApi } from './api.ts';

/**
 * DescribeGroups · key 15 · versions 0–2
 *
 * Behaviour: state, protocol and members with their metadata and assignment. An unknown group is Dead, without an
 * error, as in Kafka.
 * Versions: 1 throttle time.
 */
const request = struct({ groups: array(string) });

const described = struct({
  errorCode: int16,
  groupId: string,
  state: string,
  protocolType: string,
  protocol: string,
  members: array(
    struct({ memberId: string, clientId: string, clientHost: string, metadata: bytes, assignment: bytes }),
  ),
});

const response = struct({ throttleTimeMs: since(1, int32), groups: array(described) });

export const describeGroups = defineApi({
  key: 15,
  name: 'DescribeGroups',
  versions: [0, 2],
  flexibleSince: 5,
  request,
  response,
  handle: (cluster, body) => ({ throttleTimeMs: 0, groups: body.groups.map((id) => describeGroup(cluster, id)) }),
  refuse: (body, errorCode) => ({ throttleTimeMs: 0, groups: body.groups.map((id) => dead(id, errorCode)) }),
});

function describeGroup(cluster: Cluster, groupId: string): ValueOf<typeof described> {
  const group = cluster.groups.get(groupId);
  if (!group) return dead(groupId, ErrorCode.NONE);
  return {
    errorCode: ErrorCode.NONE,
    groupId,
    state: group.state,
    protocolType: group.protocolType,
    protocol: group.protocol,
    members: membersOf(group),
  };
}

function membersOf(group: Group): ValueOf<typeof described>['members'] {
  return [...group.members.values()].map((member) => ({
    memberId: member.id,
    clientId: member.clientId,
    clientHost: `/${member.clientHost}`,
    metadata: member.protocols.find((p) => p.name === group.protocol)?.metadata ?? NO_ASSIGNMENT,
    assignment: member.assignment,
  }));
}

function dead(groupId: string, errorCode: number): ValueOf<typeof described> {
  return { errorCode, groupId, state: 'Dead', protocolType: '', protocol: '', members: [] };
}
