import type { Role } from '#contracts/http/route.ts';
import {
  type Bucket,
  type BucketLimit,
  fullBucket,
  isFull,
  type Taken,
  takeToken,
} from '#kit/resilience/token-bucket.ts';

/** Who is limited: machine and staff callers by subject, strangers by address. */
export type Caller = { subject: string; roles: readonly Role[] } | { address: string };

export type RateLimits = { anonymous: BucketLimit; shopper: BucketLimit; operator: BucketLimit };

export type Verdict = Taken & { policy: keyof RateLimits; limit: BucketLimit };

/** Buckets kept at most; past it full ones are forgotten, which no caller can notice, then the oldest. */
const maxBuckets = 10_000;

/** Token bucket per caller, in this process's memory. `now` is a monotonic clock in milliseconds. */
export function createRateLimiter(limits: RateLimits, now: () => number): (caller: Caller) => Verdict {
  const buckets = new Map<string, { policy: keyof RateLimits; bucket: Bucket }>();
  return (caller) => {
    const nowMs = now();
    const policy = policyFor(caller);
    const limit = limits[policy];
    const key = 'subject' in caller ? `subject ${policy} ${caller.subject}` : `address ${caller.address}`;
    const taken = takeToken(buckets.get(key)?.bucket ?? fullBucket(limit, nowMs), limit, nowMs);
    if (!buckets.has(key) && buckets.size >= maxBuckets) makeRoom(buckets, limits, nowMs);
    buckets.set(key, { policy, bucket: taken.bucket });
    return { ...taken, policy, limit };
  };
}

function policyFor(caller: Caller): keyof RateLimits {
  if ('address' in caller) return 'anonymous';
  return caller.roles.some((role) => role !== 'shopper') ? 'operator' : 'shopper';
}

function makeRoom(
  buckets: Map<string, { policy: keyof RateLimits; bucket: Bucket }>,
  limits: RateLimits,
  nowMs: number,
): void {
  for (const [key, { policy, bucket }] of buckets) {
    if (isFull(bucket, limits[policy], nowMs)) buckets.delete(key);
  }
  const oldest = buckets.keys().next().value;
  if (buckets.size >= maxBuckets && oldest !== undefined) buckets.delete(oldest);
}

/** RateLimit and RateLimit-Policy fields (draft-ietf-httpapi-ratelimit-headers-10); `w` and `t` are seconds. */
export function rateLimitHeaders(verdict: Verdict): Record<string, string> {
  const { policy, limit } = verdict;
  const windowSeconds = Math.max(1, Math.round(limit.burst / limit.ratePerSecond));
  return {
    'ratelimit-policy': `"${policy}";q=${limit.burst};w=${windowSeconds}`,
    ratelimit: `"${policy}";r=${verdict.remaining};t=${Math.ceil(verdict.nextInMs / 1000)}`,
  };
}
