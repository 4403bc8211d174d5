/**
 * Where the batches of one segment are, in typed arrays (24 bytes per batch) so that a million small batches do not
 * become a million objects.
 */
export class BatchIndex {
  count = 0;
  private bases = new Float64Array(16);
  private lastDeltas = new Int32Array(16);
  private positions = new Uint32Array(16);
  /** Largest timestamp up to and including the batch, so that time lookups can bisect. */
  private timestamps = new Float64Array(16);

  add(baseOffset: number, lastOffsetDelta: number, position: number, maxTimestamp: number): void {
    const i = this.count;
    if (i === this.bases.length) this.grow();
    this.bases[i] = baseOffset;
    this.lastDeltas[i] = lastOffsetDelta;
    this.positions[i] = position;
    this.timestamps[i] = Math.max(maxTimestamp, i > 0 ? this.maxTimestampThrough(i - 1) : Number.NEGATIVE_INFINITY);
    this.count = i + 1;
  }

  /** First batch whose last offset is at or after `offset`; `count` when there is none. */
  find(offset: number): number {
    return this.bisect((i) => this.lastOffset(i) >= offset);
  }

  /** First batch that holds a timestamp at or after `timestamp`; `count` when there is none. */
  findTime(timestamp: number): number {
    return this.bisect((i) => this.maxTimestampThrough(i) >= timestamp);
  }

  /** First batch that starts at or after file position `position`; `count` when there is none. */
  findPosition(position: number): number {
    return this.bisect((i) => this.position(i) >= position);
  }

  baseOffset(i: number): number {
    return this.bases[i] as number;
  }

  lastOffset(i: number): number {
    return (this.bases[i] as number) + (this.lastDeltas[i] as number);
  }

  position(i: number): number {
    return this.positions[i] as number;
  }

  maxTimestampThrough(i: number): number {
    return this.timestamps[i] as number;
  }

  private bisect(reached: (i: number) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (reached(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private grow(): void {
    const size = this.bases.length * 2;
    const bases = new Float64Array(size);
    bases.set(this.bases);
    this.bases = bases;
    const deltas = new Int32Array(size);
    deltas.set(this.lastDeltas);
    this.lastDeltas = deltas;
    const positions = new Uint32Array(size);
    positions.set(this.positions);
    this.positions = positions;
    const timestamps = new Float64Array(size);
    timestamps.set(this.timestamps);
    this.timestamps = timestamps;
  }
}
