import { bucketCount, bucketOf } from './histogram.ts';

type Slot = { index: number; count: number; errors: number; injected: number; buckets: Uint32Array };

/** Sum over some slots. */
export type Tally = { count: number; errors: number; injected: number; buckets: Uint32Array };

/** Counts per interval of time for the last `length` intervals. Slots exist once there was traffic in them. */
export type Ring = {
  readonly intervalSeconds: number;
  readonly length: number;
  add(second: number, durationMs: number, failed: boolean): void;
  /** Counts one error of that second as injected; it may be known only later. */
  addInjected(second: number): void;
  /** Sum of the intervals that begin in [fromSecond, toSecond). */
  sum(fromSecond: number, toSecond: number): Tally;
};

export function createRing(intervalSeconds: number, length: number): Ring {
  const slots: (Slot | undefined)[] = new Array(length);
  const slotFor = (index: number): Slot | null => {
    const slot = slots[index % length];
    if (slot === undefined) {
      const fresh = { index, count: 0, errors: 0, injected: 0, buckets: new Uint32Array(bucketCount) };
      slots[index % length] = fresh;
      return fresh;
    }
    if (slot.index > index) return null;
    if (slot.index < index) {
      slot.index = index;
      slot.count = 0;
      slot.errors = 0;
      slot.injected = 0;
      slot.buckets.fill(0);
    }
    return slot;
  };
  return {
    intervalSeconds,
    length,
    add(second, durationMs, failed) {
      const slot = slotFor(Math.floor(second / intervalSeconds));
      if (slot === null) return;
      const bucket = bucketOf(durationMs);
      slot.count++;
      if (failed) slot.errors++;
      slot.buckets[bucket] = (slot.buckets[bucket] ?? 0) + 1;
    },
    addInjected(second) {
      const index = Math.floor(second / intervalSeconds);
      const slot = slots[index % length];
      // Its interval may have left the ring meanwhile.
      if (slot?.index === index) slot.injected++;
    },
    sum(fromSecond, toSecond) {
      const tally: Tally = { count: 0, errors: 0, injected: 0, buckets: new Uint32Array(bucketCount) };
      const from = Math.ceil(fromSecond / intervalSeconds);
      const to = Math.ceil(toSecond / intervalSeconds);
      for (let index = from; index < to; index++) {
        const slot = slots[index % length];
        if (slot === undefined || slot.index !== index) continue;
        tally.count += slot.count;
        tally.errors += slot.errors;
        tally.injected += slot.injected;
        for (let b = 0; b < bucketCount; b++) tally.buckets[b] = (tally.buckets[b] ?? 0) + (slot.buckets[b] ?? 0);
      }
      return tally;
    },
  };
}
