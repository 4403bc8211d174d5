import { ErrorCode } from '../errors.ts';
import { Journal } from '../log/journal.ts';
import type { GroupContext } from './context.ts';
import { createGroup, type Group } from './group.ts';
import { type CommittedOffset, type GroupOffsets, setOffset } from './offsets.ts';

/** One line of `groups.log`. */
type Entry =
  | { type: 'offset'; group: string; topic: string; partition: number; value: CommittedOffset }
  | { type: 'generation'; group: string; generation: number; protocolType: string }
  | { type: 'group-deleted'; group: string }
  | { type: 'topic-deleted'; topic: string };

export interface OffsetToCommit {
  topic: string;
  partition: number;
  offset: number;
  leaderEpoch: number;
  metadata: string | null;
}

export type CoordinatorDependencies = Omit<GroupContext, 'onGeneration'> & { file: string };

/**
 * All groups of the broker and their committed offsets. Members are not persisted: after a restart they are told
 * UNKNOWN_MEMBER_ID and join again; offsets and generation numbers are there.
 */
export class GroupCoordinator {
  readonly context: GroupContext;
  private readonly groups = new Map<string, Group>();
  private readonly offsets = new Map<string, GroupOffsets>();
  private readonly journal: Journal<Entry>;

  constructor(deps: CoordinatorDependencies) {
    this.journal = new Journal(deps.file);
    this.context = { ...deps, onGeneration: (group) => this.record([generationEntry(group)]) };
  }

  open(): void {
    const torn = this.journal.replay((entry) => this.apply(entry));
    if (torn > 0) this.context.logger.warn('torn tail cut off', { file: 'groups.log', bytes: torn });
  }

  get(id: string): Group | undefined {
    return this.groups.get(id);
  }

  getOrCreate(id: string): Group {
    const known = this.groups.get(id);
    if (known) return known;
    const group = createGroup(id, this.context.clock.now());
    this.groups.set(id, group);
    return group;
  }

  all(): Group[] {
    return [...this.groups.values()];
  }

  offsetsOf(id: string): GroupOffsets {
    return this.offsets.get(id) ?? new Map();
  }

  /** Stores offsets; when it returns they survive the death of this process. */
  commit(id: string, offsets: readonly OffsetToCommit[]): void {
    const committedAt = this.context.clock.now();
    const entries = offsets.map(
      ({ topic, partition, ...value }): Entry => ({
        type: 'offset',
        group: id,
        topic,
        partition,
        value: { ...value, committedAt },
      }),
    );
    this.record(entries);
    for (const { topic, partition, offset } of offsets)
      this.context.events.emit('commit', { group: id, topic, partition, offset });
  }

  /** DeleteGroups. Returns the error code. */
  delete(id: string): number {
    const group = this.groups.get(id);
    if (!group) return ErrorCode.GROUP_ID_NOT_FOUND;
    if (group.members.size > 0 || group.pending.size > 0) return ErrorCode.NON_EMPTY_GROUP;
    this.forget(id);
    return ErrorCode.NONE;
  }

  /** Offsets in a deleted topic mean nothing to the topic that may get its name later. */
  forgetTopic(topic: string): void {
    this.record([{ type: 'topic-deleted', topic }]);
  }

  /** Forgets the offsets of groups that have been empty for `retentionMs` (offsets.retention.minutes). */
  expireOffsets(retentionMs: number): void {
    const before = this.context.clock.now() - retentionMs;
    for (const group of this.all()) {
      if (group.members.size > 0 || group.pending.size > 0 || group.emptySince > before) continue;
      const newest = Math.max(
        0,
        ...[...this.offsetsOf(group.id).values()].flatMap((p) => [...p.values()].map((o) => o.committedAt)),
      );
      if (newest < before) this.forget(group.id);
    }
  }

  sync(): void {
    this.journal.sync();
  }

  close(): void {
    for (const group of this.groups.values()) {
      group.phase?.cancel();
      for (const timer of group.pending.values()) timer.cancel();
      for (const member of group.members.values()) member.session?.cancel();
    }
    this.journal.close();
  }

  private forget(id: string): void {
    this.record([{ type: 'group-deleted', group: id }]);
  }

  /** Written first, then in effect; the rewrite comes last, because it saves what is in effect. */
  private record(entries: Entry[]): void {
    this.journal.append(entries);
    for (const entry of entries) this.apply(entry);
    if (this.journal.isMostlyHistory) this.journal.rewrite(this.snapshot());
  }

  private apply(entry: Entry): void {
    switch (entry.type) {
      case 'offset': {
        this.getOrCreate(entry.group);
        const offsets = this.offsets.get(entry.group) ?? new Map();
        this.offsets.set(entry.group, offsets);
        setOffset(offsets, entry.topic, entry.partition, entry.value);
        return;
      }
      case 'generation': {
        const group = this.getOrCreate(entry.group);
        group.generation = entry.generation;
        group.protocolType = entry.protocolType;
        return;
      }
      case 'group-deleted':
        this.groups.delete(entry.group);
        this.offsets.delete(entry.group);
        return;
      case 'topic-deleted':
        for (const offsets of this.offsets.values()) offsets.delete(entry.topic);
    }
  }

  private *snapshot(): Generator<Entry> {
    for (const group of this.groups.values()) {
      yield generationEntry(group);
      for (const [topic, partitions] of this.offsetsOf(group.id)) {
        for (const [partition, value] of partitions) yield { type: 'offset', group: group.id, topic, partition, value };
      }
    }
  }
}

function generationEntry(group: Group): Entry {
  return { type: 'generation', group: group.id, generation: group.generation, protocolType: group.protocolType };
}
