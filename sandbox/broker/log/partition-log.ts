import fs from 'node:fs';
import path from 'node:path';
import type { Clock } from '../clock.ts';
import { ErrorCode, ProtocolError } from '../errors.ts';
import { OpenTransactions } from './open-transactions.ts';
import { ProducerStates } from './producer-states.ts';
import {
  type BatchHeader,
  isControl,
  isTransactional,
  lastOffsetOf,
  placeBatch,
  readBatchHeader,
  stampAppendTime,
} from './record-batch.ts';
import { buildMarker, isCommitMarker, readRecords } from './records.ts';
import { recoverSegment } from './recover-segment.ts';
import { Segment } from './segment.ts';

/** Per-topic settings that a partition obeys, read at each use so that AlterConfigs takes effect at once. */
export interface LogSettings {
  segmentBytes: number;
  segmentMs: number;
  maxMessageBytes: number;
  appendTime: boolean;
  /** fdatasync before the acknowledgement (flush.messages=1). */
  syncEachAppend: boolean;
}

export interface AppendResult {
  baseOffset: number;
  duplicate: boolean;
  /** −1 unless the topic stamps the broker's time. */
  logAppendTime: number;
}

export interface ReadRequest {
  offset: number;
  maxBytes: number;
  /** Offsets at or above are not returned: log end, or last stable offset. */
  before: number;
  /** Return the first batch even when it is larger than `maxBytes` (KIP-74). */
  wholeFirst: boolean;
}

const NOTHING = Buffer.alloc(0);
const LOG_START_FILE = 'log-start-offset';

/** One partition: segments on disk, who may append what, and who waits for more. Every method is synchronous. */
export class PartitionLog {
  readonly topic: string;
  readonly partition: number;
  readonly producers = new ProducerStates();
  readonly transactions = new OpenTransactions();
  logStartOffset = 0;
  logEndOffset = 0;
  /** Set when the topic is deleted under a waiting Fetch. */
  deleted = false;
  private readonly dir: string;
  private readonly clock: Clock;
  private readonly settings: () => LogSettings;
  private readonly segments: Segment[] = [];
  private readonly watchers = new Set<() => void>();

  constructor(topic: string, partition: number, dir: string, clock: Clock, settings: () => LogSettings) {
    this.topic = topic;
    this.partition = partition;
    this.dir = dir;
    this.clock = clock;
    this.settings = settings;
  }

  /** Loads what is on disk. Returns how many torn bytes were cut off. */
  open(cleanStop: boolean): number {
    fs.mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    const bases = fs
      .readdirSync(this.dir)
      .filter((name) => name.endsWith('.log'))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
    let tornBytes = 0;
    for (const [i, base] of bases.entries()) {
      const segment = new Segment(this.dir, base, this.clock.now());
      const sealed = i < bases.length - 1;
      const found = recoverSegment(segment, sealed || cleanStop, (header, position) =>
        this.note(header, () => segment.read(position, header.sizeBytes)),
      );
      tornBytes += found.tornBytes;
      if (!sealed) fs.rmSync(segment.path('index'), { force: true });
      this.segments.push(segment);
      this.logEndOffset = Math.max(this.logEndOffset, base);
    }
    this.logStartOffset = Math.max(bases[0] ?? 0, this.readLogStart());
    this.logEndOffset = Math.max(this.logEndOffset, this.logStartOffset);
    return tornBytes;
  }

  get sizeBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
  }

  get lastStableOffset(): number {
    return this.transactions.lastStableOffset(this.logEndOffset);
  }

  /**
   * Appends a batch that {@link checkProducedBatch} accepted. When it returns, the bytes are in the page cache: they
   * survive the death of this process. Throws ProtocolError (sequence, epoch) or KAFKA_STORAGE_ERROR.
   */
  append(bytes: Buffer, header: BatchHeader): AppendResult {
    const settings = this.settings();
    const earlier = this.producers.check(header);
    if (earlier !== null) return { baseOffset: earlier, duplicate: true, logAppendTime: -1 };
    return {
      baseOffset: this.write(bytes, header, settings),
      duplicate: false,
      logAppendTime: settings.appendTime ? header.maxTimestamp : -1,
    };
  }

  private write(bytes: Buffer, header: BatchHeader, settings: LogSettings): number {
    const now = this.clock.now();
    const segment = this.segmentFor(header.sizeBytes, settings, now);
    header.baseOffset = this.logEndOffset;
    placeBatch(bytes, header.baseOffset);
    if (settings.appendTime) stampAppendTime(bytes, header, now);
    try {
      segment.append(bytes, header);
      if (settings.syncEachAppend) segment.syncNow();
    } catch (error) {
      throw new ProtocolError(ErrorCode.KAFKA_STORAGE_ERROR, `cannot append to ${segment.path('log')}: ${error}`);
    }
    this.note(header, () => bytes);
    this.wake();
    return header.baseOffset;
  }

  /** Writes the end marker of a producer's transaction, if it wrote anything here that is still undecided. */
  endTransaction(producerId: number, producerEpoch: number, committed: boolean): void {
    if (!this.transactions.isOpen(producerId)) return;
    const bytes = buildMarker(producerId, producerEpoch, committed, this.clock.now());
    this.write(bytes, readBatchHeader(bytes), { ...this.settings(), appendTime: false });
  }

  /** Whole batches from the one that holds `offset`; empty when there is nothing to give. */
  read(request: ReadRequest): Buffer {
    const found = this.locate(request.offset);
    if (!found) return NOTHING;
    const { segment, i } = found;
    const { index } = segment;
    if (index.baseOffset(i) >= request.before) return NOTHING;
    const start = index.position(i);
    const boundary = (k: number) => (k < index.count ? index.position(k) : segment.sizeBytes);
    let end = boundary(index.find(request.before));
    if (end - start > request.maxBytes) {
      const k = index.findPosition(start + request.maxBytes + 1) - 1;
      if (k > i) end = boundary(k);
      else if (request.wholeFirst) end = boundary(i + 1);
      else return NOTHING;
    }
    return segment.read(start, end - start);
  }

  /** First record at or after `timestamp` (ms), or null. Exact, except inside snappy and lz4 batches: there their first offset. */
  findTime(timestamp: number): { offset: number; timestamp: number } | null {
    for (const segment of this.segments) {
      if (segment.maxTimestamp < timestamp) continue;
      for (let i = segment.index.findTime(timestamp); i < segment.index.count; i++) {
        if (segment.index.lastOffset(i) < this.logStartOffset) continue;
        const found = this.findTimeInBatch(segment, i, timestamp);
        if (found) return found;
      }
    }
    return null;
  }

  private findTimeInBatch(
    segment: Segment,
    i: number,
    timestamp: number,
  ): { offset: number; timestamp: number } | null {
    const end = i + 1 < segment.index.count ? segment.index.position(i + 1) : segment.sizeBytes;
    const batch = segment.read(segment.index.position(i), end - segment.index.position(i));
    const header = readBatchHeader(batch);
    if (isControl(header) || header.maxTimestamp < timestamp) return null;
    const records = readRecords(batch);
    if (!records) return { offset: Math.max(header.baseOffset, this.logStartOffset), timestamp: header.maxTimestamp };
    const record = records.find((r) => r.timestamp >= timestamp && r.offset >= this.logStartOffset);
    return record ? { offset: record.offset, timestamp: record.timestamp } : null;
  }

  /** Calls `listener` after each append, marker, truncation or deletion until the returned function is called. */
  watch(listener: () => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** DeleteRecords: moves the log start; throws OFFSET_OUT_OF_RANGE. −1 means everything. */
  deleteBefore(offset: number): number {
    const before = offset === -1 ? this.logEndOffset : offset;
    if (before < 0 || before > this.logEndOffset) {
      throw new ProtocolError(ErrorCode.OFFSET_OUT_OF_RANGE, `${offset} is above ${this.logEndOffset}`);
    }
    if (before > this.logStartOffset) this.moveLogStart(before);
    return this.logStartOffset;
  }

  /** Deletes whole old segments (retention.ms, retention.bytes; −1 keeps everything). Returns how many. */
  enforceRetention(retentionMs: number, retentionBytes: number): number {
    const expired = (segment: Segment) =>
      retentionMs >= 0 && segment.maxTimestamp >= 0 && segment.maxTimestamp < this.clock.now() - retentionMs;
    const active = this.segments.at(-1);
    if (active && active.sizeBytes > 0 && this.segments.every(expired)) this.roll(this.clock.now());
    let removed = 0;
    let size = this.sizeBytes;
    while (removed < this.segments.length - 1) {
      const segment = this.segments[removed];
      if (!segment) break;
      const tooMuch = retentionBytes >= 0 && size - segment.sizeBytes >= retentionBytes;
      if (!expired(segment) && !tooMuch) break;
      size -= segment.sizeBytes;
      removed++;
    }
    const first = this.segments[removed];
    if (removed > 0 && first) this.moveLogStart(Math.max(first.baseOffset, this.logStartOffset));
    return removed;
  }

  /** Starts the transfer to disk of everything written so far. */
  sync(onError: (error: Error) => void): void {
    for (const segment of this.segments) segment.sync(onError);
  }

  /** Clean stop: everything on disk, with an index so that the next start need not read the batches. */
  close(): void {
    for (const segment of this.segments) segment.syncNow();
    this.segments.at(-1)?.saveIndex();
    for (const segment of this.segments) segment.close();
  }

  remove(): void {
    this.deleted = true;
    for (const segment of this.segments) segment.close();
    this.segments.length = 0;
    fs.rmSync(this.dir, { recursive: true, force: true });
    this.wake();
  }

  private note(header: BatchHeader, readBatch: () => Buffer): void {
    this.producers.note(header);
    if (isControl(header))
      this.transactions.noteMarker(header.producerId, header.baseOffset, isCommitMarker(readBatch()));
    else if (isTransactional(header)) this.transactions.noteData(header.producerId, header.baseOffset);
    this.logEndOffset = lastOffsetOf(header) + 1;
  }

  private wake(): void {
    for (const listener of [...this.watchers]) listener();
  }

  private segmentFor(sizeBytes: number, settings: LogSettings, now: number): Segment {
    const active = this.segments.at(-1);
    if (!active) return this.roll(now);
    const full = active.sizeBytes > 0 && active.sizeBytes + sizeBytes > settings.segmentBytes;
    const old = active.sizeBytes > 0 && now - active.createdAt > settings.segmentMs;
    return full || old ? this.roll(now) : active;
  }

  private roll(now: number): Segment {
    const active = this.segments.at(-1);
    active?.saveIndex();
    active?.sync(() => undefined);
    const segment = new Segment(this.dir, this.logEndOffset, now);
    this.segments.push(segment);
    return segment;
  }

  private locate(offset: number): { segment: Segment; i: number } | null {
    let at = Math.max(0, this.segments.length - 1);
    while (at > 0 && (this.segments[at] as Segment).baseOffset > offset) at--;
    for (; at < this.segments.length; at++) {
      const segment = this.segments[at] as Segment;
      const i = segment.index.find(offset);
      if (i < segment.index.count) return { segment, i };
    }
    return null;
  }

  private moveLogStart(offset: number): void {
    this.logStartOffset = offset;
    const file = path.join(this.dir, LOG_START_FILE);
    fs.writeFileSync(`${file}.new`, String(offset), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
    while (this.segments.length > 1 && (this.segments[1] as Segment).baseOffset <= offset)
      this.segments.shift()?.remove();
    this.transactions.forgetBelow(offset);
    this.wake();
  }

  private readLogStart(): number {
    try {
      return Number.parseInt(fs.readFileSync(path.join(this.dir, LOG_START_FILE), 'utf8'), 10) || 0;
    } catch {
      return 0;
    }
  }
}
