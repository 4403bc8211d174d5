import { expect, test } from 'vitest';
import { createLocalBuckets } from '#kit/resilience/token-buckets.ts';
import { createRateLimiter, rateLimitHeaders } from './rate-limiter.ts';

const limits = {
  anonymous: { ratePerSecond: 1, burst: 1 },
  shopper: { ratePerSecond: 2, burst: 2 },
  operator: { ratePerSecond: 300, burst: 600 },
};
const limiterAt = (now: () => number) => createRateLimiter(limits, createLocalBuckets(now));

test('counts each subject and each address on its own', async () => {
  const limiter = limiterAt(() => 0);
  expect((await limiter({ address: '10.0.0.1' })).admitted).toBe(true);
  expect((await limiter({ address: '10.0.0.1' })).admitted).toBe(false);
  expect((await limiter({ address: '10.0.0.2' })).admitted).toBe(true);
  expect((await limiter({ subject: 'ada', roles: ['shopper'] })).admitted).toBe(true);
  expect((await limiter({ subject: 'bob', roles: ['shopper'] })).remaining).toBe(1);
});

test('lets a burst of 200 orders of an operator through', async () => {
  const limiter = limiterAt(() => 0);
  const verdicts = await Promise.all(
    Array.from({ length: 200 }, () => limiter({ subject: 'orrery-cli', roles: ['operator'] })),
  );
  expect(verdicts.every((verdict) => verdict.admitted)).toBe(true);
});

test('tells the policy, what is left and when the next request is admitted', async () => {
  const limiter = limiterAt(() => 0);
  await limiter({ subject: 'ada', roles: ['shopper'] });
  await limiter({ subject: 'ada', roles: ['shopper'] });
  const verdict = await limiter({ subject: 'ada', roles: ['shopper'] });
  expect(verdict).toMatchObject({ admitted: false, nextInMs: 500 });
  expect(rateLimitHeaders(verdict)).toEqual({
    'ratelimit-policy': '"shopper";q=2;w=1',
    ratelimit: '"shopper";r=0;t=1',
  });
});
