import fs from 'node:fs';
import { crc32c } from '../wire/crc32c.ts';

const FRAME_BYTES = 8;

/**
 * A small append-only file of JSON entries, each framed as length + CRC-32C: committed offsets, transactions. An
 * appended entry is in the page cache when `append` returns. Replayed at start up to the first torn entry, and
 * rewritten when most of it is history.
 */
export class Journal<Entry> {
  private readonly file: string;
  private fd: number;
  private sizeBytes = 0;
  private compactAtBytes: number;
  private readonly minCompactBytes: number;
  private dirty = false;

  constructor(file: string, minCompactBytes = 4 << 20) {
    this.file = file;
    this.minCompactBytes = minCompactBytes;
    this.compactAtBytes = minCompactBytes;
    this.fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
  }

  /** Calls `apply` with each intact entry in order and cuts the file after the last one. Returns the bytes cut off. */
  replay(apply: (entry: Entry) => void): number {
    const bytes = fs.readFileSync(this.file);
    let at = 0;
    while (at + FRAME_BYTES <= bytes.length) {
      const end = at + FRAME_BYTES + bytes.readUInt32BE(at);
      if (end === at + FRAME_BYTES || end > bytes.length) break; // a zero-filled tail reads as length 0
      if (crc32c(bytes, at + FRAME_BYTES, end) !== bytes.readUInt32BE(at + 4)) break;
      apply(JSON.parse(bytes.toString('utf8', at + FRAME_BYTES, end)) as Entry);
      at = end;
    }
    fs.ftruncateSync(this.fd, at);
    this.sizeBytes = at;
    return bytes.length - at;
  }

  append(entries: readonly Entry[]): void {
    const frame = Buffer.concat(entries.map(frameOf));
    try {
      for (let written = 0; written < frame.length; ) {
        written += fs.writeSync(this.fd, frame, written, frame.length - written, this.sizeBytes + written);
      }
    } catch (error) {
      fs.ftruncateSync(this.fd, this.sizeBytes);
      throw error;
    }
    this.sizeBytes += frame.length;
    this.dirty = true;
  }

  /** True when it is time to {@link rewrite}. */
  get isMostlyHistory(): boolean {
    return this.sizeBytes > this.compactAtBytes;
  }

  /** Replaces the file by `entries` (the present state). A crash leaves the old or the new one. */
  rewrite(entries: Iterable<Entry>): void {
    const bytes = Buffer.concat([...entries].map(frameOf));
    const next = fs.openSync(`${this.file}.new`, 'w+', 0o600);
    fs.writeSync(next, bytes);
    fs.fdatasyncSync(next);
    fs.renameSync(`${this.file}.new`, this.file);
    fs.closeSync(this.fd);
    this.fd = next;
    this.sizeBytes = bytes.length;
    this.compactAtBytes = Math.max(this.minCompactBytes, bytes.length * 4);
    this.dirty = false;
  }

  sync(): void {
    if (!this.dirty) return;
    this.dirty = false;
    fs.fdatasyncSync(this.fd);
  }

  close(): void {
    this.sync();
    fs.closeSync(this.fd);
  }
}

function frameOf(entry: unknown): Buffer {
  const payload = Buffer.from(JSON.stringify(entry));
  const head = Buffer.allocUnsafe(FRAME_BYTES);
  head.writeUInt32BE(payload.length, 0);
  head.writeUInt32BE(crc32c(payload), 4);
  return Buffer.concat([head, payload]);
}
