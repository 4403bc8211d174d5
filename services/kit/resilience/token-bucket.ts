/** Rate and burst of a token bucket: over any t seconds at most `ratePerSecond × t + burst` requests are admitted. */
export type BucketLimit = { ratePerSecond: number; burst: number };

/** State of one caller's bucket. Time is any monotonic clock, milliseconds. */
export type Bucket = { tokens: number; atMs: number };

/** What a caller learns from asking for a token. */
export type Taking = {
  admitted: boolean;
  /** Requests that would be admitted right now, whole. */
  remaining: number;
  /** Milliseconds until one more request is admitted; 0 when one already is. */
  nextInMs: number;
};

export type Taken = Taking & { bucket: Bucket };

/** Refilling adds fractions: a whole token may come out this much short, and must count all the same. */
const rounding = 1e-9;

export function fullBucket(limit: BucketLimit, nowMs: number): Bucket {
  return { tokens: limit.burst, atMs: nowMs };
}

/** Takes one token at `nowMs`, refilling first. A clock that steps back refills nothing. */
export function takeToken(before: Bucket, limit: BucketLimit, nowMs: number): Taken {
  const refilled = refill(before, limit, nowMs);
  const admitted = refilled.tokens >= 1 - rounding;
  const tokens = admitted ? Math.max(0, refilled.tokens - 1) : refilled.tokens;
  return { bucket: { tokens, atMs: refilled.atMs }, ...takingOf(admitted, tokens, limit) };
}

/** What to tell a caller of a bucket that holds `tokens` now. */
export function takingOf(admitted: boolean, tokens: number, limit: BucketLimit): Taking {
  return {
    admitted,
    remaining: Math.floor(tokens + rounding),
    nextInMs: tokens >= 1 - rounding ? 0 : Math.ceil(((1 - tokens) / limit.ratePerSecond) * 1000),
  };
}

/** True when the bucket holds its whole burst again, so forgetting it changes nothing. */
export function isFull(bucket: Bucket, limit: BucketLimit, nowMs: number): boolean {
  return refill(bucket, limit, nowMs).tokens >= limit.burst - rounding;
}

function refill(bucket: Bucket, limit: BucketLimit, nowMs: number): Bucket {
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  return {
    tokens: Math.min(limit.burst, bucket.tokens + (elapsedMs / 1000) * limit.ratePerSecond),
    atMs: Math.max(bucket.atMs, nowMs),
  };
}
