import { expect, test } from 'vitest';
import { createRateLimiter, rateLimitHeaders } from './rate-limiter.ts';

const limits = {
  anonymous: { ratePerSecond: 1, burst: 1 },
  shopper: { ratePerSecond: 2, burst: 2 },
  operator: { ratePerSecond: 300, burst: 600 },
};

test('counts each subject and each address on its own', () => {
  const limiter = createRateLimiter(limits, () => 0);
  expect(limiter({ address: '10.0.0.1' }).admitted).toBe(true);
  expect(limiter({ address: '10.0.0.1' }).admitted).toBe(false);
  expect(limiter({ address: '10.0.0.2' }).admitted).toBe(true);
  expect(limiter({ subject: 'ada', roles: ['shopper'] }).admitted).toBe(true);
  expect(limiter({ subject: 'bob', roles: ['shopper'] }).remaining).toBe(1);
});

test('lets a burst of 200 orders of an operator through', () => {
  const limiter = createRateLimiter(limits, () => 0);
  const verdicts = Array.from({ length: 200 }, () => limiter({ subject: 'orrery-cli', roles: ['operator'] }));
  expect(verdicts.every((verdict) => verdict.admitted)).toBe(true);
});

test('tells the policy, what is left and when the next request is admitted', () => {
  const limiter = createRateLimiter(limits, () => 0);
  limiter({ subject: 'ada', roles: ['shopper'] });
  limiter({ subject: 'ada', roles: ['shopper'] });
  const verdict = limiter({ subject: 'ada', roles: ['shopper'] });
  expect(verdict).toMatchObject({ admitted: false, nextInMs: 500 });
  expect(rateLimitHeaders(verdict)).toEqual({
    'ratelimit-policy': '"shopper";q=2;w=1',
    ratelimit: '"shopper";r=0;t=1',
  });
});

test('keeps memory bounded and forgets no exhausted caller while full ones can go', () => {
  let now = 0;
  const limiter = createRateLimiter(limits, () => now);
  for (let i = 0; i < 9_999; i += 1) limiter({ address: `10.${i}` });
  now = 5_000;
  limiter({ address: 'greedy' });
  limiter({ address: 'late' });
  expect(limiter({ address: 'greedy' }).admitted).toBe(false);
});
