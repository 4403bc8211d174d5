/** A transaction that was rolled back: consumers in read_committed skip its records up to the marker. */
export interface AbortedTransaction {
  producerId: number;
  firstOffset: number;
  /** Offset of the abort marker. */
  markerOffset: number;
}

/** Which transactions are open in one partition and which were aborted; decides the last stable offset (KIP-98). */
export class OpenTransactions {
  private readonly firstOffsets = new Map<number, number>();
  private aborted: AbortedTransaction[] = [];

  /** First data batch of a producer's transaction opens it. */
  noteData(producerId: number, baseOffset: number): void {
    if (!this.firstOffsets.has(producerId)) this.firstOffsets.set(producerId, baseOffset);
  }

  noteMarker(producerId: number, markerOffset: number, committed: boolean): void {
    const firstOffset = this.firstOffsets.get(producerId);
    if (firstOffset === undefined) return;
    this.firstOffsets.delete(producerId);
    if (!committed) this.aborted.push({ producerId, firstOffset, markerOffset });
  }

  isOpen(producerId: number): boolean {
    return this.firstOffsets.has(producerId);
  }

  /** Everything below is decided; `logEndOffset` when nothing is open. */
  lastStableOffset(logEndOffset: number): number {
    let stable = logEndOffset;
    for (const first of this.firstOffsets.values()) stable = Math.min(stable, first);
    return stable;
  }

  /** Aborted transactions that overlap [from, to), by first offset as kafkajs needs them. */
  abortedBetween(from: number, to: number): AbortedTransaction[] {
    return this.aborted
      .filter((t) => t.markerOffset >= from && t.firstOffset < to)
      .sort((a, b) => a.firstOffset - b.firstOffset);
  }

  forgetBelow(logStartOffset: number): void {
    if (this.aborted.length > 0) this.aborted = this.aborted.filter((t) => t.markerOffset >= logStartOffset);
  }
}
