import type { Role } from '#contracts/http/route.ts';
import type { BucketLimit, Taking } from '#kit/resilience/token-bucket.ts';
import type { TokenBuckets } from '#kit/resilience/token-buckets.ts';

/** Who is limited: machine and staff callers by subject, strangers by address. */
export type Caller = { subject: string; roles: readonly Role[] } | { address: string };

export type RateLimits = { anonymous: BucketLimit; shopper: BucketLimit; operator: BucketLimit };

export type Verdict = Taking & { policy: keyof RateLimits; limit: BucketLimit };

/** Who may pass, by one token bucket per caller. */
export type RateLimiter = (caller: Caller) => Promise<Verdict>;

export function createRateLimiter(limits: RateLimits, buckets: TokenBuckets): RateLimiter {
  return async (caller) => {
    const policy = policyFor(caller);
    const limit = limits[policy];
    const key = 'subject' in caller ? `${policy}:subject:${caller.subject}` : `${policy}:address:${caller.address}`;
    return { ...(await buckets.take(key, limit)), policy, limit };
  };
}

function policyFor(caller: Caller): keyof RateLimits {
  if ('address' in caller) return 'anonymous';
  return caller.roles.some((role) => role !== 'shopper') ? 'operator' : 'shopper';
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
