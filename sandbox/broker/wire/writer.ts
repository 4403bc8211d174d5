const TWO_TO_32 = 4_294_967_296;
/** Below this size copying is cheaper than one more entry in the writev. */
const BY_REFERENCE_BYTES = 2048;

/**
 * Builds one response (or request) as a list of buffers. Large byte fields are kept by reference, so that a Fetch
 * response carries the batches as they were read from disk, without another copy.
 */
export class Writer {
  private readonly done: Buffer[] = [];
  private current: Buffer;
  private start = 0;
  private position = 0;
  private doneBytes = 0;

  constructor(sizeHint = 256) {
    this.current = Buffer.allocUnsafe(sizeHint);
  }

  get length(): number {
    return this.doneBytes + this.position - this.start;
  }

  private reserve(size: number): number {
    const at = this.position;
    if (at + size > this.current.length) {
      const used = at - this.start;
      const next = Buffer.allocUnsafe(Math.max((used + size) * 2, 256));
      this.current.copy(next, 0, this.start, at);
      this.current = next;
      this.start = 0;
      this.position = used + size;
      return used;
    }
    this.position = at + size;
    return at;
  }

  int8(value: number): void {
    const at = this.reserve(1);
    this.current.writeInt8(value, at);
  }

  int16(value: number): void {
    const at = this.reserve(2);
    this.current.writeInt16BE(value, at);
  }

  int32(value: number): void {
    const at = this.reserve(4);
    this.current.writeInt32BE(value, at);
  }

  uint32(value: number): void {
    const at = this.reserve(4);
    this.current.writeUInt32BE(value, at);
  }

  int64(value: number): void {
    const at = this.reserve(8);
    const high = Math.floor(value / TWO_TO_32);
    this.current.writeInt32BE(high, at);
    this.current.writeUInt32BE(value - high * TWO_TO_32, at + 4);
  }

  uvarint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** Zigzag base-128; magnitudes up to 2^52. */
  varint(value: number): void {
    this.uvarint(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  private byte(value: number): void {
    const at = this.reserve(1);
    this.current[at] = value;
  }

  raw(bytes: Buffer): void {
    if (bytes.length < BY_REFERENCE_BYTES) {
      const at = this.reserve(bytes.length);
      bytes.copy(this.current, at);
      return;
    }
    this.seal();
    this.done.push(bytes);
    this.doneBytes += bytes.length;
  }

  text(value: string, size: number): void {
    const at = this.reserve(size);
    this.current.write(value, at, size, 'utf8');
  }

  private seal(): void {
    if (this.position === this.start) return;
    this.done.push(this.current.subarray(this.start, this.position));
    this.doneBytes += this.position - this.start;
    this.start = this.position;
  }

  chunks(): Buffer[] {
    this.seal();
    return this.done;
  }

  buffer(): Buffer {
    const chunks = this.chunks();
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  }
}
