import { ErrorCode } from '../errors.ts';
import { chooseProtocol } from './choose-protocol.ts';
import type { GroupContext } from './context.ts';
import { type Group, type JoinResult, type Member, NO_ASSIGNMENT } from './group.ts';

/** (Re)starts the time within which the member must be heard from. A held join or sync counts as being heard. */
export function touchSession(context: GroupContext, group: Group, member: Member): void {
  member.session?.cancel();
  member.session = context.clock.after(member.sessionTimeoutMs, () => {
    if (member.joining || member.syncing) return;
    removeMember(context, group, member, 'session timed out');
  });
}

/** Every member has to join again. Held syncs are told so; the phase ends at the longest rebalance timeout. */
export function prepareRebalance(context: GroupContext, group: Group, reason: string): void {
  if (group.state === 'PreparingRebalance') return;
  const first = group.state === 'Empty';
  if (group.state === 'CompletingRebalance') releaseSyncs(group);
  group.state = 'PreparingRebalance';
  group.phase?.cancel();
  group.gathering = first && context.settings.initialRebalanceDelayMs > 0;
  const timeoutMs = group.gathering ? context.settings.initialRebalanceDelayMs : longestRebalanceTimeout(group);
  group.phase = context.clock.after(timeoutMs, () => {
    if (group.gathering) {
      group.gathering = false;
      group.phase = context.clock.after(longestRebalanceTimeout(group), () => completeJoin(context, group, reason));
      tryCompleteJoin(context, group, reason);
    } else completeJoin(context, group, reason);
  });
  tryCompleteJoin(context, group, reason);
}

/** Completes the join phase as soon as everybody known is back. */
export function tryCompleteJoin(context: GroupContext, group: Group, reason: string): void {
  if (group.state !== 'PreparingRebalance' || group.gathering || group.pending.size > 0) return;
  for (const member of group.members.values()) if (!member.joining) return;
  completeJoin(context, group, reason);
}

/** Starts the next generation with those who joined; dynamic members who did not are dropped. */
function completeJoin(context: GroupContext, group: Group, reason: string): void {
  group.phase?.cancel();
  group.phase = null;
  for (const member of [...group.members.values()]) {
    if (!member.joining && member.instanceId === null) dropMember(context, group, member, 'did not rejoin');
  }
  if (group.members.size === 0) {
    becomeEmpty(context, group);
    return;
  }
  const joined = [...group.members.values()].filter((m) => m.joining);
  const leader = joined.find((m) => m.id === group.leader) ?? joined[0];
  if (!leader) {
    // Only static members that are away: their places are kept until they return or time out.
    group.phase = context.clock.after(longestRebalanceTimeout(group), () => completeJoin(context, group, reason));
    return;
  }
  group.generation++;
  group.leader = leader.id;
  group.protocol = chooseProtocol([...group.members.values()]);
  group.state = 'CompletingRebalance';
  context.onGeneration(group);
  const members = [...group.members.keys()];
  context.logger.info('group rebalanced', {
    group: group.id,
    generation: group.generation,
    members: members.length,
    reason,
  });
  context.events.emit('rebalance', { group: group.id, generation: group.generation, members, reason });
  for (const member of joined) {
    const answer = member.joining;
    member.joining = null;
    answer?.(joinAnswer(group, member));
    touchSession(context, group, member);
  }
  group.phase = context.clock.after(longestRebalanceTimeout(group), () => evictSilentMembers(context, group));
}

/** What a member is told about the present generation. */
export function joinAnswer(group: Group, member: Member): JoinResult {
  const members = [...group.members.values()].map((m) => ({
    memberId: m.id,
    instanceId: m.instanceId,
    metadata: m.protocols.find((p) => p.name === group.protocol)?.metadata ?? NO_ASSIGNMENT,
  }));
  return {
    errorCode: ErrorCode.NONE,
    generation: group.generation,
    protocol: group.protocol,
    leader: group.leader ?? '',
    memberId: member.id,
    members: member.id === group.leader ? members : [],
  };
}

export function joinRefusal(errorCode: number, memberId: string): JoinResult {
  return { errorCode, generation: -1, protocol: '', leader: '', memberId, members: [] };
}

/** The member leaves or timed out; the others rebalance. */
export function removeMember(context: GroupContext, group: Group, member: Member, reason: string): void {
  if (group.members.get(member.id) !== member) return;
  dropMember(context, group, member, reason);
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    prepareRebalance(context, group, `${member.id} ${reason}`);
  } else tryCompleteJoin(context, group, `${member.id} ${reason}`);
}

function dropMember(context: GroupContext, group: Group, member: Member, reason: string): void {
  member.session?.cancel();
  member.joining?.(joinRefusal(ErrorCode.UNKNOWN_MEMBER_ID, member.id));
  member.syncing?.({ errorCode: ErrorCode.UNKNOWN_MEMBER_ID, assignment: NO_ASSIGNMENT });
  member.joining = null;
  member.syncing = null;
  group.members.delete(member.id);
  if (group.leader === member.id) group.leader = null;
  context.logger.info('group member left', { group: group.id, memberId: member.id, reason });
  context.events.emit('leave', { group: group.id, memberId: member.id, reason });
}

function becomeEmpty(context: GroupContext, group: Group): void {
  group.state = 'Empty';
  group.generation++;
  group.protocol = '';
  group.leader = null;
  group.emptySince = context.clock.now();
  context.onGeneration(group);
}

function releaseSyncs(group: Group): void {
  for (const member of group.members.values()) {
    member.assignment = NO_ASSIGNMENT;
    member.syncing?.({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS, assignment: NO_ASSIGNMENT });
    member.syncing = null;
  }
}

function evictSilentMembers(context: GroupContext, group: Group): void {
  if (group.state !== 'CompletingRebalance') return;
  const silent = [...group.members.values()].filter((m) => !m.syncing);
  for (const member of silent) dropMember(context, group, member, 'did not sync');
  if (silent.length > 0) prepareRebalance(context, group, 'members did not sync');
}

function longestRebalanceTimeout(group: Group): number {
  let longest = 0;
  for (const member of group.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
  return longest;
}
