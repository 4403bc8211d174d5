import { type Bucket, type BucketLimit, fullBucket, isFull, type Taking, takeToken } from './token-bucket.ts';

/** One bucket per key. Where they are kept decides who shares them: this process, or every replica (`kit/valkey`). */
export type TokenBuckets = {
  /** Takes one token of the bucket, which is full when it was never asked before. */
  take(key: string, limit: BucketLimit): Promise<Taking>;
};

/** Buckets kept at most; past it full ones are forgotten, which no caller can notice, then the oldest. */
const maxBuckets = 10_000;

/** Buckets in this process's memory. `now` is a monotonic clock in milliseconds. */
export function createLocalBuckets(now: () => number): TokenBuckets {
  const buckets = new Map<string, { bucket: Bucket; limit: BucketLimit }>();

  function makeRoom(nowMs: number): void {
    for (const [key, { bucket, limit }] of buckets) if (isFull(bucket, limit, nowMs)) buckets.delete(key);
    const oldest = buckets.keys().next().value;
    if (buckets.size >= maxBuckets && oldest !== undefined) buckets.delete(oldest);
  }

  return {
    async take(key, limit) {
      const nowMs = now();
      const { bucket, ...taking } = takeToken(buckets.get(key)?.bucket ?? fullBucket(limit, nowMs), limit, nowMs);
      if (!buckets.has(key) && buckets.size >= maxBuckets) makeRoom(nowMs);
      buckets.set(key, { bucket, limit });
      return taking;
    },
  };
}
