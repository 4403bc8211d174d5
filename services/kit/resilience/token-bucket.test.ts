import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bucket, type BucketLimit, fullBucket, isFull, takeToken } from './token-bucket.ts';

const limits = fc.record({ ratePerSecond: fc.integer({ min: 1, max: 500 }), burst: fc.integer({ min: 1, max: 600 }) });
const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 });

function admittedTimes(limit: BucketLimit, gapsMs: number[]): number[] {
  let now = 0;
  let bucket: Bucket = fullBucket(limit, now);
  const admitted: number[] = [];
  for (const gap of gapsMs) {
    now += gap;
    const taken = takeToken(bucket, limit, now);
    bucket = taken.bucket;
    if (taken.admitted) admitted.push(now);
  }
  return admitted;
}

test('never admits more than rate × t + burst in any window', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, gapsMs) => {
      const times = admittedTimes(limit, gapsMs);
      times.forEach((from, first) => {
        times.slice(first).forEach((to, count) => {
          const allowed = (limit.ratePerSecond * (to - from)) / 1000 + limit.burst;
          expect(count + 1).toBeLessThanOrEqual(allowed + 1e-6);
        });
      });
    }),
    { numRuns: 60 },
  );
});

test('admits everything from a caller that stays under the rate', () => {
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 200 }), (limit, count) => {
      const gap = Math.ceil(1000 / limit.ratePerSecond);
      expect(admittedTimes(limit, Array(count).fill(gap))).toHaveLength(count);
    }),
  );
});

test('admits the next request after nextInMs and not before', () => {
  fc.assert(
    fc.property(limits, gaps, (limit, gapsMs) => {
      let now = 0;
      let bucket = fullBucket(limit, now);
      for (const gap of gapsMs) {
        now += gap;
        const taken = takeToken(bucket, limit, now);
        bucket = taken.bucket;
        expect(takeToken(bucket, limit, now + taken.nextInMs).admitted).toBe(true);
        if (taken.nextInMs > 1) expect(takeToken(bucket, limit, now + taken.nextInMs - 2).admitted).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

test('counts a token that refilling leaves a rounding error short of whole', () => {
  const short = { tokens: 1 - 2 ** -52, atMs: 0 };
  expect(takeToken(short, { ratePerSecond: 10, burst: 1 }, 0)).toMatchObject({ admitted: true, remaining: 0 });
});

test('gives nothing for a clock that steps back', () => {
  const limit = { ratePerSecond: 10, burst: 1 };
  const { bucket } = takeToken(fullBucket(limit, 1000), limit, 1000);
  expect(takeToken(bucket, limit, 0).admitted).toBe(false);
  expect(takeToken(takeToken(bucket, limit, 0).bucket, limit, 1050).admitted).toBe(false);
  expect(takeToken(bucket, limit, 1100).admitted).toBe(true);
});

test('is full again after burst / rate seconds', () => {
  const limit = { ratePerSecond: 20, burst: 40 };
  const { bucket } = takeToken({ tokens: 1, atMs: 0 }, limit, 0);
  expect(isFull(bucket, limit, 1999)).toBe(false);
  expect(isFull(bucket, limit, 2000)).toBe(true);
});
