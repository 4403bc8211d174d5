import { ErrorCode } from '../errors.ts';
import type { Group } from './group.ts';
import { identify, type MemberIdentity } from './identify.ts';

export interface CommittedOffset {
  /** Kept literally: kafkajs commits −1 and −2 ("latest", "earliest") to reset a group. */
  offset: number;
  leaderEpoch: number;
  metadata: string | null;
  committedAt: number;
}

/** Committed offsets of one group: topic → partition → offset. */
export type GroupOffsets = Map<string, Map<number, CommittedOffset>>;

export const MAX_OFFSET_METADATA_BYTES = 4096;

/**
 * May this client commit? Generation −1 without a member id is a simple consumer or an administrator and needs a group
 * without members; everybody else must be a member of the present generation.
 */
export function commitRefusal(group: Group, identity: MemberIdentity): number {
  const anonymous = identity.generation < 0 && identity.memberId === '' && identity.instanceId === null;
  if (anonymous) return group.members.size === 0 ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  const member = identify(group, identity);
  if (typeof member === 'number') return member;
  return group.state === 'CompletingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
}

export function setOffset(offsets: GroupOffsets, topic: string, partition: number, value: CommittedOffset): void {
  const partitions = offsets.get(topic) ?? new Map<number, CommittedOffset>();
  offsets.set(topic, partitions);
  partitions.set(partition, value);
}
