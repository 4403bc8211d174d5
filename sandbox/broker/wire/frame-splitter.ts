import { WireError } from './errors.ts';

/**
 * Cuts a TCP byte stream into request frames (4-byte big-endian length, then that many bytes). Chunks are kept as they
 * came and joined once per frame, so a large request costs one copy, not one per packet.
 */
export class FrameSplitter {
  private readonly maxFrameBytes: number;
  private readonly chunks: Buffer[] = [];
  private buffered = 0;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Bytes of an unfinished frame; what is lost when the peer hangs up now. */
  get pendingBytes(): number {
    return this.buffered;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.buffered += chunk.length;
  }

  /** The next whole frame without its length prefix, or null. Throws WireError on a length no request can have. */
  next(): Buffer | null {
    if (this.buffered < 4) return null;
    const size = this.peekLength();
    if (size < 8 || size > this.maxFrameBytes) {
      throw new WireError(`frame length ${size} is outside 8…${this.maxFrameBytes}`);
    }
    if (this.buffered < size + 4) return null;
    return this.consume(size + 4).subarray(4);
  }

  private peekLength(): number {
    const first = this.chunks[0];
    if (first && first.length >= 4) return first.readInt32BE(0);
    const joined = Buffer.concat(this.chunks);
    this.chunks.length = 0;
    this.chunks.push(joined);
    return joined.readInt32BE(0);
  }

  private consume(size: number): Buffer {
    this.buffered -= size;
    const first = this.chunks[0];
    if (first && first.length >= size) {
      if (first.length === size) this.chunks.shift();
      else this.chunks[0] = first.subarray(size);
      return first.subarray(0, size);
    }
    const frame = Buffer.allocUnsafe(size);
    let filled = 0;
    let used = 0;
    for (const chunk of this.chunks) {
      const part = Math.min(chunk.length, size - filled);
      chunk.copy(frame, filled, 0, part);
      filled += part;
      if (part < chunk.length) {
        this.chunks[used] = chunk.subarray(part);
        break;
      }
      used++;
      if (filled === size) break;
    }
    this.chunks.splice(0, used);
    return frame;
  }
}
