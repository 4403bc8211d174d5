import { ErrorCode } from '../errors.ts';
import type { GroupContext } from './context.ts';
import type { Group } from './group.ts';
import { identify, type MemberIdentity } from './identify.ts';
import { touchSession } from './rebalance.ts';

/** Heartbeat: keeps the session alive and tells the member when it has to join again. Returns the error code. */
export function heartbeat(context: GroupContext, group: Group, identity: MemberIdentity): number {
  const member = identify(group, identity);
  if (typeof member === 'number') return member;
  touchSession(context, group, member);
  return group.state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}
