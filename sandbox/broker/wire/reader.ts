import { WireError } from './errors.ts';

const TWO_TO_32 = 4_294_967_296;

/**
 * Reads Kafka primitives from one request or response body. Big-endian, no copies: `bytes` are views of the frame.
 * 64-bit values are returned as `number`: offsets and timestamps stay far below 2^53.
 * Throws {@link WireError} when the buffer ends early or a length is impossible.
 */
export class Reader {
  private readonly buffer: Buffer;
  private position: number;

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer;
    this.position = position;
  }

  get offset(): number {
    return this.position;
  }

  get remaining(): number {
    return this.buffer.length - this.position;
  }

  private take(size: number): number {
    const at = this.position;
    if (size < 0 || at + size > this.buffer.length) {
      throw new WireError(`needs ${size} bytes at ${at}, has ${this.buffer.length - at}`);
    }
    this.position = at + size;
    return at;
  }

  int8(): number {
    return this.buffer.readInt8(this.take(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.take(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.take(4));
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.take(4));
  }

  int64(): number {
    const at = this.take(8);
    return this.buffer.readInt32BE(at) * TWO_TO_32 + this.buffer.readUInt32BE(at + 4);
  }

  /** Base-128 unsigned, at most 32 bits. */
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.buffer[this.take(1)] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('varint is longer than 5 bytes');
  }

  /** Zigzag base-128 as used inside records; up to 64 bits, returned as a number. */
  varlong(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.buffer[this.take(1)] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n));
    }
    throw new WireError('varlong is longer than 10 bytes');
  }

  /** Zigzag base-128, 32 bits: the lengths and deltas inside records. */
  varint(): number {
    const raw = this.uvarint();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  raw(size: number): Buffer {
    const at = this.take(size);
    return this.buffer.subarray(at, at + size);
  }

  text(size: number): string {
    const at = this.take(size);
    return this.buffer.toString('utf8', at, at + size);
  }
}
