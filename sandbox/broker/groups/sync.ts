import { ErrorCode } from '../errors.ts';
import type { GroupContext } from './context.ts';
import { type Group, type Member, NO_ASSIGNMENT, type SyncResult } from './group.ts';
import { identify, type MemberIdentity } from './identify.ts';
import { touchSession } from './rebalance.ts';

export interface SyncRequest extends MemberIdentity {
  assignments: { memberId: string; assignment: Buffer }[];
}

/** SyncGroup. `answer` is called once: when the leader's assignments are here, or when the generation ends. */
export function sync(
  context: GroupContext,
  group: Group,
  request: SyncRequest,
  answer: (result: SyncResult) => void,
): void {
  const refuse = (errorCode: number) => answer({ errorCode, assignment: NO_ASSIGNMENT });
  const member = identify(group, request);
  if (typeof member === 'number') {
    refuse(member);
    return;
  }
  if (group.state === 'Empty') {
    refuse(ErrorCode.UNKNOWN_MEMBER_ID);
    return;
  }
  if (group.state === 'PreparingRebalance') {
    refuse(ErrorCode.REBALANCE_IN_PROGRESS);
    return;
  }
  if (group.state === 'Stable') {
    touchSession(context, group, member);
    answer({ errorCode: ErrorCode.NONE, assignment: member.assignment });
    return;
  }
  member.syncing?.({ errorCode: ErrorCode.REBALANCE_IN_PROGRESS, assignment: NO_ASSIGNMENT });
  member.syncing = answer;
  if (member.id === group.leader) becomeStable(context, group, request);
}

function becomeStable(context: GroupContext, group: Group, request: SyncRequest): void {
  const assigned = new Map(request.assignments.map((a) => [a.memberId, a.assignment]));
  group.phase?.cancel();
  group.phase = null;
  group.state = 'Stable';
  for (const member of group.members.values()) {
    // Copied: the original is a view of the whole request, which would stay in memory with it.
    member.assignment = Buffer.from(assigned.get(member.id) ?? NO_ASSIGNMENT);
    answerSync(context, group, member);
  }
}

function answerSync(context: GroupContext, group: Group, member: Member): void {
  const answer = member.syncing;
  member.syncing = null;
  if (answer) answer({ errorCode: ErrorCode.NONE, assignment: member.assignment });
  touchSession(context, group, member);
}
