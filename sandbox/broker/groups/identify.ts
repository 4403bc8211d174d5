import { ErrorCode } from '../errors.ts';
import { type Group, type Member, staticMember } from './group.ts';

export interface MemberIdentity {
  memberId: string;
  instanceId: string | null;
  generation: number;
}

/** The member that a request speaks for, or the error code that Kafka answers: fenced, unknown, wrong generation. */
export function identify(group: Group, identity: MemberIdentity): Member | number {
  if (identity.instanceId !== null) {
    const owner = staticMember(group, identity.instanceId);
    if (!owner) return ErrorCode.UNKNOWN_MEMBER_ID;
    if (owner.id !== identity.memberId) return ErrorCode.FENCED_INSTANCE_ID;
  }
  const member = group.members.get(identity.memberId);
  if (!member) return ErrorCode.UNKNOWN_MEMBER_ID;
  return identity.generation === group.generation ? member : ErrorCode.ILLEGAL_GENERATION;
}
