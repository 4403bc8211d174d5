import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { effectiveConfig, logSettingsOf } from '../configs/topic-configs.ts';
import { ErrorCode, ProtocolError } from '../errors.ts';
import type { EventBus } from '../events.ts';
import type { Logger } from '../logger.ts';
import { PartitionLog } from './partition-log.ts';
import { collisionKey, topicNameComplaint } from './topic-name.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

export interface Topic {
  name: string;
  id: string;
  /** Folder under `topics/`. Not the plain name: file systems may ignore case, and a re-created topic is another one. */
  dir: string;
  createdAt: number;
  partitions: PartitionLog[];
  configs: Record<string, string>;
}

interface SavedTopic extends Omit<Topic, 'partitions'> {
  partitionCount: number;
}

export interface TopicStoreDependencies {
  dataDir: string;
  clock: Clock;
  events: EventBus;
  logger: Logger;
  maxPartitions: number;
}

/** Names, settings and logs of all topics. `topics.json` is the list; folders that it does not name are removed at start. */
export class TopicStore {
  private readonly topics = new Map<string, Topic>();
  private readonly root: string;
  private readonly file: string;
  private readonly deps: TopicStoreDependencies;

  constructor(deps: TopicStoreDependencies) {
    this.deps = deps;
    this.root = path.join(deps.dataDir, 'topics');
    this.file = path.join(deps.dataDir, 'topics.json');
  }

  /** Reads the list and recovers every partition. */
  open(cleanStop: boolean): void {
    fs.mkdirSync(this.root, { recursive: true, mode: 0o700 });
    const saved: SavedTopic[] = fs.existsSync(this.file) ? JSON.parse(fs.readFileSync(this.file, 'utf8')) : [];
    const known = new Set(saved.map((topic) => topic.dir));
    for (const dir of fs.readdirSync(this.root)) {
      if (!known.has(dir)) fs.rmSync(path.join(this.root, dir), { recursive: true, force: true });
    }
    for (const { partitionCount, ...rest } of saved) {
      const topic: Topic = { ...rest, partitions: [] };
      this.topics.set(topic.name, topic);
      this.openPartitions(topic, partitionCount, cleanStop);
    }
  }

  get(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  all(): Topic[] {
    return [...this.topics.values()];
  }

  partition(name: string, partition: number): PartitionLog | undefined {
    return this.topics.get(name)?.partitions[partition];
  }

  /** Whether such a topic may be created. Throws ProtocolError: invalid name, exists, bad partition count. */
  checkNew(name: string, partitionCount: number): void {
    const complaint = topicNameComplaint(name);
    if (complaint) throw new ProtocolError(ErrorCode.INVALID_TOPIC_EXCEPTION, complaint);
    if (this.topics.has(name)) throw new ProtocolError(ErrorCode.TOPIC_ALREADY_EXISTS, `topic ${name} already exists`);
    const twin = this.all().find((topic) => collisionKey(topic.name) === collisionKey(name));
    if (twin) throw new ProtocolError(ErrorCode.INVALID_TOPIC_EXCEPTION, `topic ${name} collides with ${twin.name}`);
    this.checkPartitionCount(partitionCount);
  }

  /** Creates what {@link checkNew} accepts. */
  create(name: string, partitionCount: number, configs: Record<string, string>): Topic {
    this.checkNew(name, partitionCount);
    const id = randomUUID();
    const topic: Topic = {
      name,
      id,
      dir: `${name.slice(0, 200)}~${id.slice(0, 8)}`,
      createdAt: this.deps.clock.now(),
      partitions: [],
      configs,
    };
    this.topics.set(name, topic);
    this.openPartitions(topic, partitionCount, false);
    this.save();
    this.deps.logger.info('topic created', { topic: name, partitions: partitionCount });
    this.deps.events.emit('topic', { topic: name, change: 'created', partitions: partitionCount });
    return topic;
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION. Waiting fetches wake up and see that the topic is gone. */
  delete(name: string): void {
    const topic = this.topics.get(name);
    if (!topic) throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${name} does not exist`);
    this.topics.delete(name);
    this.save();
    for (const partition of topic.partitions) partition.remove();
    fs.rmSync(path.join(this.root, topic.dir), { recursive: true, force: true });
    this.deps.logger.info('topic deleted', { topic: name });
    this.deps.events.emit('topic', { topic: name, change: 'deleted', partitions: topic.partitions.length });
  }

  /** CreatePartitions: `count` is the new total. Throws ProtocolError. */
  grow(name: string, count: number, validateOnly = false): void {
    const topic = this.topics.get(name);
    if (!topic) throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${name} does not exist`);
    if (count <= topic.partitions.length) {
      throw new ProtocolError(
        ErrorCode.INVALID_PARTITIONS,
        `topic ${name} already has ${topic.partitions.length} partitions`,
      );
    }
    this.checkPartitionCount(count);
    if (validateOnly) return;
    this.openPartitions(topic, count, false);
    this.save();
    this.deps.events.emit('topic', { topic: name, change: 'partitions', partitions: count });
  }

  setConfigs(name: string, configs: Record<string, string>): void {
    const topic = this.topics.get(name);
    if (!topic) throw new ProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `topic ${name} does not exist`);
    topic.configs = configs;
    this.save();
  }

  enforceRetention(): void {
    for (const topic of this.all()) {
      if (!effectiveConfig(topic.configs, 'cleanup.policy').includes('delete')) continue;
      const retentionMs = Number(effectiveConfig(topic.configs, 'retention.ms'));
      const retentionBytes = Number(effectiveConfig(topic.configs, 'retention.bytes'));
      for (const log of topic.partitions) {
        const removed = log.enforceRetention(retentionMs, retentionBytes);
        if (removed > 0)
          this.deps.logger.info('segments expired', { topic: topic.name, partition: log.partition, removed });
      }
    }
  }

  forEachLog(visit: (log: PartitionLog) => void): void {
    for (const topic of this.topics.values()) for (const log of topic.partitions) visit(log);
  }

  private checkPartitionCount(count: number): void {
    if (count < 1) throw new ProtocolError(ErrorCode.INVALID_PARTITIONS, 'a topic has at least one partition');
    const total = this.all().reduce((sum, topic) => sum + topic.partitions.length, 0);
    if (count > this.deps.maxPartitions - total) {
      throw new ProtocolError(
        ErrorCode.INVALID_PARTITIONS,
        `this broker holds at most ${this.deps.maxPartitions} partitions`,
      );
    }
  }

  private openPartitions(topic: Topic, count: number, cleanStop: boolean): void {
    const settings = () => logSettingsOf(topic.configs);
    for (let i = topic.partitions.length; i < count; i++) {
      const log = new PartitionLog(
        topic.name,
        i,
        path.join(this.root, topic.dir, String(i)),
        this.deps.clock,
        settings,
      );
      const tornBytes = log.open(cleanStop);
      if (tornBytes > 0)
        this.deps.logger.warn('torn tail cut off', { topic: topic.name, partition: i, bytes: tornBytes });
      topic.partitions.push(log);
    }
  }

  private save(): void {
    const saved: SavedTopic[] = this.all().map(({ partitions, ...rest }) => ({
      ...rest,
      partitionCount: partitions.length,
    }));
    writeFileAtomically(this.file, JSON.stringify(saved, null, 2));
  }
}
