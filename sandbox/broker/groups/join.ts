import { ErrorCode } from '../errors.ts';
import { commonProtocols } from './choose-protocol.ts';
import type { GroupContext } from './context.ts';
import {
  type Group,
  type JoinResult,
  type Member,
  NO_ASSIGNMENT,
  type Protocol,
  sameProtocols,
  staticMember,
} from './group.ts';
import { joinAnswer, joinRefusal, prepareRebalance, touchSession, tryCompleteJoin } from './rebalance.ts';

export interface JoinRequest {
  memberId: string;
  instanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocolType: string;
  protocols: Protocol[];
  /** JoinGroup v4+: a new dynamic member is first told its id and joins again with it (KIP-394). */
  memberIdRequired: boolean;
}

type Answer = (result: JoinResult) => void;

/** JoinGroup. `answer` is called once: at once when refused, otherwise when the rebalance completes. */
export function join(context: GroupContext, group: Group, request: JoinRequest, answer: Answer): void {
  const refuse = (code: number) => answer(joinRefusal(code, request.memberId));
  const { minSessionTimeoutMs, maxSessionTimeoutMs } = context.settings;
  if (request.sessionTimeoutMs < minSessionTimeoutMs || request.sessionTimeoutMs > maxSessionTimeoutMs) {
    refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    return;
  }
  if (!protocolsFit(group, request)) {
    refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    return;
  }
  if (request.memberId === '') {
    joinAsNew(context, group, request, answer);
    return;
  }
  const pending = group.pending.get(request.memberId);
  if (pending) {
    pending.cancel();
    group.pending.delete(request.memberId);
    addMember(context, group, request, request.memberId, answer);
    return;
  }
  if (request.instanceId !== null) {
    const owner = staticMember(group, request.instanceId);
    if (!owner) {
      refuse(ErrorCode.UNKNOWN_MEMBER_ID);
      return;
    }
    if (owner.id !== request.memberId) {
      refuse(ErrorCode.FENCED_INSTANCE_ID);
      return;
    }
  }
  const member = group.members.get(request.memberId);
  if (!member) {
    refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    return;
  }
  rejoin(context, group, member, request, answer);
}

function protocolsFit(group: Group, request: JoinRequest): boolean {
  if (request.protocolType === '' || request.protocols.length === 0) return false;
  const others = [...group.members.values()].filter((m) => m.id !== request.memberId);
  if (others.length === 0) return true;
  return group.protocolType === request.protocolType && commonProtocols([...others, request]).size > 0;
}

function joinAsNew(context: GroupContext, group: Group, request: JoinRequest, answer: Answer): void {
  const memberId = `${request.instanceId ?? request.clientId}-${context.newId()}`;
  if (request.instanceId !== null) {
    const previous = staticMember(group, request.instanceId);
    if (previous) {
      replaceStatic(context, group, previous, memberId, request, answer);
      return;
    }
  } else if (request.memberIdRequired) {
    const forget = context.clock.after(request.sessionTimeoutMs, () => {
      group.pending.delete(memberId);
      tryCompleteJoin(context, group, `${memberId} did not come back with its id`);
    });
    group.pending.set(memberId, forget);
    answer(joinRefusal(ErrorCode.MEMBER_ID_REQUIRED, memberId));
    return;
  }
  addMember(context, group, request, memberId, answer);
}

function addMember(context: GroupContext, group: Group, request: JoinRequest, memberId: string, answer: Answer): void {
  const member: Member = {
    id: memberId,
    instanceId: request.instanceId,
    clientId: request.clientId,
    clientHost: request.clientHost,
    sessionTimeoutMs: request.sessionTimeoutMs,
    rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    protocols: request.protocols,
    assignment: NO_ASSIGNMENT,
    joining: answer,
    syncing: null,
    session: null,
  };
  if (group.members.size === 0) group.protocolType = request.protocolType;
  group.members.set(memberId, member);
  group.leader ??= memberId;
  context.events.emit('join', { group: group.id, memberId, clientId: request.clientId });
  rebalanceOrComplete(context, group, `${memberId} joined`);
}

/** A static member came back under a new id: without a rebalance when nothing about it changed. */
function replaceStatic(
  context: GroupContext,
  group: Group,
  previous: Member,
  memberId: string,
  request: JoinRequest,
  answer: Answer,
): void {
  const unchanged = sameProtocols(previous.protocols, request.protocols);
  const leaderBefore = group.leader;
  previous.session?.cancel();
  previous.joining?.(joinRefusal(ErrorCode.FENCED_INSTANCE_ID, previous.id));
  previous.syncing?.({ errorCode: ErrorCode.FENCED_INSTANCE_ID, assignment: NO_ASSIGNMENT });
  group.members.delete(previous.id);
  const member: Member = { ...previous, id: memberId, joining: null, syncing: null, session: null };
  group.members.set(memberId, member);
  if (group.leader === previous.id) group.leader = memberId;
  update(member, request);
  if (group.state === 'Stable' && unchanged) {
    touchSession(context, group, member);
    // The old leader id is named, so that a returning leader does not compute a new assignment.
    answer({ ...joinAnswer(group, member), leader: leaderBefore ?? '', members: [] });
    return;
  }
  member.joining = answer;
  rebalanceOrComplete(context, group, `${request.instanceId} came back`);
}

function rejoin(context: GroupContext, group: Group, member: Member, request: JoinRequest, answer: Answer): void {
  const changed = !sameProtocols(member.protocols, request.protocols);
  const sameAnswer =
    !changed && (group.state === 'CompletingRebalance' || (group.state === 'Stable' && member.id !== group.leader));
  if (sameAnswer) {
    touchSession(context, group, member);
    answer(joinAnswer(group, member));
    return;
  }
  member.joining?.(joinRefusal(ErrorCode.UNKNOWN_MEMBER_ID, member.id));
  update(member, request);
  member.joining = answer;
  rebalanceOrComplete(context, group, `${member.id} joined again`);
}

function update(member: Member, request: JoinRequest): void {
  member.protocols = request.protocols;
  member.sessionTimeoutMs = request.sessionTimeoutMs;
  member.rebalanceTimeoutMs = request.rebalanceTimeoutMs;
  member.clientId = request.clientId;
  member.clientHost = request.clientHost;
}

function rebalanceOrComplete(context: GroupContext, group: Group, reason: string): void {
  if (group.state === 'PreparingRebalance') tryCompleteJoin(context, group, reason);
  else prepareRebalance(context, group, reason);
}
