import fs from 'node:fs';
import path from 'node:path';
import { BatchIndex } from './batch-index.ts';
import { BATCH_HEADER_BYTES, type BatchHeader } from './record-batch.ts';

export const segmentName = (baseOffset: number, suffix: 'log' | 'index') =>
  `${String(baseOffset).padStart(20, '0')}.${suffix}`;

/** One file of raw record batches. Appends go to the page cache at once (they survive the process); `sync` reaches the disk. */
export class Segment {
  readonly baseOffset: number;
  readonly dir: string;
  readonly index = new BatchIndex();
  readonly createdAt: number;
  sizeBytes = 0;
  private readonly fd: number;
  private dirty = false;
  private closed = false;

  constructor(dir: string, baseOffset: number, createdAt: number) {
    this.dir = dir;
    this.baseOffset = baseOffset;
    this.createdAt = createdAt;
    this.fd = fs.openSync(this.path('log'), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
  }

  path(suffix: 'log' | 'index'): string {
    return path.join(this.dir, segmentName(this.baseOffset, suffix));
  }

  get maxTimestamp(): number {
    return this.index.count === 0 ? -1 : this.index.maxTimestampThrough(this.index.count - 1);
  }

  /** Notes a batch that is in the file already (recovery). */
  note(header: BatchHeader): void {
    this.index.add(header.baseOffset, header.lastOffsetDelta, this.sizeBytes, header.maxTimestamp);
    this.sizeBytes += header.sizeBytes;
  }

  /** Writes a placed batch. When the write fails half way the file is cut back, so that the log never holds a torn batch. */
  append(bytes: Buffer, header: BatchHeader): void {
    try {
      for (let written = 0; written < bytes.length; ) {
        written += fs.writeSync(this.fd, bytes, written, bytes.length - written, this.sizeBytes + written);
      }
    } catch (error) {
      fs.ftruncateSync(this.fd, this.sizeBytes);
      throw error;
    }
    this.dirty = true;
    this.note(header);
  }

  read(position: number, sizeBytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(sizeBytes);
    let filled = 0;
    while (filled < sizeBytes) {
      const got = fs.readSync(this.fd, buffer, filled, sizeBytes - filled, position + filled);
      if (got === 0) break;
      filled += got;
    }
    return filled === sizeBytes ? buffer : buffer.subarray(0, filled);
  }

  fileSize(): number {
    return fs.fstatSync(this.fd).size;
  }

  truncate(sizeBytes: number): void {
    fs.ftruncateSync(this.fd, sizeBytes);
    this.dirty = true;
  }

  /** Reaches the disk in the background; safe to call at any time, errors go to the callback. */
  sync(onError: (error: Error) => void): void {
    if (!this.dirty || this.closed) return;
    this.dirty = false;
    fs.fdatasync(this.fd, (error) => {
      if (error && !this.closed) {
        this.dirty = true;
        onError(error);
      }
    });
  }

  syncNow(): void {
    if (!this.dirty) return;
    fs.fdatasyncSync(this.fd);
    this.dirty = false;
  }

  /**
   * Saves the batch headers beside the log, so that the next start need not read the batches. A cache, never the truth:
   * it is used only when its sizes add up to the file's.
   */
  saveIndex(): void {
    const headers = Buffer.allocUnsafe(this.index.count * BATCH_HEADER_BYTES);
    for (let i = 0; i < this.index.count; i++) {
      fs.readSync(this.fd, headers, i * BATCH_HEADER_BYTES, BATCH_HEADER_BYTES, this.index.position(i));
    }
    fs.writeFileSync(this.path('index'), headers, { mode: 0o600 });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    fs.closeSync(this.fd);
  }

  remove(): void {
    this.close();
    fs.rmSync(this.path('log'), { force: true });
    fs.rmSync(this.path('index'), { force: true });
  }
}
