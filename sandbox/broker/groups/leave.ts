import { ErrorCode } from '../errors.ts';
import type { GroupContext } from './context.ts';
import { type Group, staticMember } from './group.ts';
import { removeMember, tryCompleteJoin } from './rebalance.ts';

/** LeaveGroup of one member; an administrator names a static member by its instance only. Returns the error code. */
export function leave(context: GroupContext, group: Group, memberId: string, instanceId: string | null): number {
  const pending = group.pending.get(memberId);
  if (pending) {
    pending.cancel();
    group.pending.delete(memberId);
    tryCompleteJoin(context, group, `${memberId} left`);
    return ErrorCode.NONE;
  }
  const member = instanceId === null ? group.members.get(memberId) : staticMember(group, instanceId);
  if (!member) return ErrorCode.UNKNOWN_MEMBER_ID;
  if (memberId !== '' && member.id !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
  removeMember(context, group, member, 'left');
  return ErrorCode.NONE;
}
