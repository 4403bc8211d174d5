import type { Timer } from '../clock.ts';

/** Kafka's names (DescribeGroups). A deleted group is simply gone and is described as Dead. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

export interface Protocol {
  name: string;
  metadata: Buffer;
}

export interface JoinResult {
  errorCode: number;
  generation: number;
  protocol: string;
  leader: string;
  memberId: string;
  /** Only the leader is told who the members are. */
  members: { memberId: string; instanceId: string | null; metadata: Buffer }[];
}

export interface SyncResult {
  errorCode: number;
  assignment: Buffer;
}

export interface Member {
  id: string;
  /** Static membership (KIP-345): survives restarts of the client under the same name. */
  instanceId: string | null;
  clientId: string;
  clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: Protocol[];
  assignment: Buffer;
  /** The held JoinGroup, answered when the rebalance completes. */
  joining: ((result: JoinResult) => void) | null;
  /** The held SyncGroup, answered when the leader has assigned. */
  syncing: ((result: SyncResult) => void) | null;
  session: Timer | null;
}

export interface Group {
  id: string;
  state: GroupState;
  generation: number;
  protocolType: string;
  protocol: string;
  leader: string | null;
  members: Map<string, Member>;
  /** Member ids handed out with MEMBER_ID_REQUIRED (KIP-394) that have not joined yet. */
  pending: Map<string, Timer>;
  /** Ends the present phase: joining (rebalance timeout) or syncing. */
  phase: Timer | null;
  /** While set, an empty group waits for more members before its first rebalance. */
  gathering: boolean;
  emptySince: number;
}

export const NO_ASSIGNMENT = Buffer.alloc(0);

export function createGroup(id: string, now: number): Group {
  return {
    id,
    state: 'Empty',
    generation: 0,
    protocolType: '',
    protocol: '',
    leader: null,
    members: new Map(),
    pending: new Map(),
    phase: null,
    gathering: false,
    emptySince: now,
  };
}

export function staticMember(group: Group, instanceId: string): Member | undefined {
  for (const member of group.members.values()) if (member.instanceId === instanceId) return member;
  return undefined;
}

export function sameProtocols(a: readonly Protocol[], b: readonly Protocol[]): boolean {
  return a.length === b.length && a.every((p, i) => p.name === b[i]?.name && p.metadata.equals(b[i].metadata));
}
