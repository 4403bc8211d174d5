import type { KnownPairs } from './known-pairs.ts';

/** The bytes are not a protobuf message of the expected shape. */
export class MalformedError extends Error {
  readonly malformed = true;
}

/** True for a MalformedError: the client's fault, answered with 400. */
export function isMalformed(error: unknown): error is MalformedError {
  return typeof error === 'object' && error !== null && 'malformed' in error;
}

/**
 * Cursor over protobuf wire format (https://protobuf.dev/programming-guides/encoding/). Hand-written because the OTLP
 * messages need eight of its operations, and reading into our own records avoids a second pass over generated ones.
 * Every read is bounds-checked against the enclosing message; anything wrong throws MalformedError.
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly known: KnownPairs;
  position = 0;
  /** End of the message being read. */
  end: number;

  constructor(bytes: Buffer, known: KnownPairs) {
    this.bytes = bytes;
    this.known = known;
    this.end = bytes.length;
  }

  /** Field number and wire type, as `number << 3 | type`; 0 at the end of the message. */
  tag(): number {
    if (this.position >= this.end) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > 0xffffffff) throw new MalformedError(`invalid field tag at byte ${this.position}`);
    return tag;
  }

  /** Varint as a double: exact up to 2^53, above that rounded. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 10; index++) {
      if (this.position >= this.end) throw new MalformedError('truncated varint');
      const byte = this.bytes[this.position++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new MalformedError(`varint longer than ten bytes at byte ${this.position}`);
  }

  /** int64 (two's complement in ten bytes when negative). */
  int64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.position >= this.end) throw new MalformedError('truncated varint');
      const byte = this.bytes[this.position++] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new MalformedError(`varint longer than ten bytes at byte ${this.position}`);
  }

  fixed64(): bigint {
    return this.bytes.readBigUInt64LE(this.take(8));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.take(8));
  }

  string(): string {
    const length = this.varint();
    const start = this.take(length);
    return this.bytes.toString('utf8', start, start + length);
  }

  hex(): string {
    const length = this.varint();
    const start = this.take(length);
    return this.bytes.toString('hex', start, start + length);
  }

  base64(): string {
    const length = this.varint();
    const start = this.take(length);
    return this.bytes.toString('base64', start, start + length);
  }

  /** Enters a nested message; hand the result to `leave` when done. */
  enter(): number {
    const length = this.varint();
    const start = this.take(length);
    const outer = this.end;
    this.position = start;
    this.end = start + length;
    return outer;
  }

  leave(outerEnd: number): void {
    this.position = this.end;
    this.end = outerEnd;
  }

  /** Skips a field that we do not know: newer senders may add some. */
  skip(tag: number): void {
    const type = tag & 7;
    if (type === 0) this.varint();
    else if (type === 1) this.take(8);
    else if (type === 2) this.take(this.varint());
    else if (type === 5) this.take(4);
    else throw new MalformedError(`wire type ${type} at byte ${this.position}`);
  }

  private take(length: number): number {
    const start = this.position;
    if (length > this.end - start) throw new MalformedError(`field at byte ${start} is longer than its message`);
    this.position = start + length;
    return start;
  }
}
