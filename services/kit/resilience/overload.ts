import { performance } from 'node:perf_hooks';
import { AppError } from '#contracts/errors.ts';
import type { Patterns } from '../control/patterns.ts';
import { type BucketLimit, fullBucket, takeToken } from './token-bucket.ts';

/** How busy a process is: requests that it has not answered, and the share of time its event loop was at work (0–1). */
export type Pressure = { inFlight: number; utilization: number };

/** Beyond `maxInFlight` a process refuses; beyond `busyInFlight` already while its event loop has no time left. */
export type PressureLimits = { maxInFlight: number; busyInFlight: number; busyUtilization: number };

/** An order holds a few milliseconds; a thousand unanswered requests are seconds of work, which no caller waits for. */
export const defaultPressure: PressureLimits = { maxInFlight: 1_000, busyInFlight: 200, busyUtilization: 0.99 };

/** Ten times what the fleet sustains: stops a caller that has gone wild, and nobody else. */
export const defaultServiceLimit: BucketLimit = { ratePerSecond: 2_000, burst: 4_000 };

/** Whether one more request would only make all of them late. */
export function isOverloaded({ inFlight, utilization }: Pressure, limits: PressureLimits): boolean {
  return inFlight >= limits.maxInFlight || (inFlight >= limits.busyInFlight && utilization >= limits.busyUtilization);
}

export type OverloadGuard = {
  /** Lets a request in, or throws `rate_limited` or `unavailable`, each with a Retry-After. Call `leave` once it is answered. */
  enter(): void;
  leave(): void;
};

export type OverloadOptions = {
  patterns: Patterns;
  limit?: BucketLimit;
  pressure?: PressureLimits;
  /** Monotonic milliseconds. */
  now?: () => number;
  utilization?: () => number;
};

/** What a server does against too much work: a token bucket over all callers, and backpressure. */
export function createOverloadGuard(options: OverloadOptions): OverloadGuard {
  const { patterns, now = () => performance.now(), limit = defaultServiceLimit, pressure = defaultPressure } = options;
  const utilization = options.utilization ?? createUtilization(now);
  const counts = { inFlight: 0, shed: 0, limited: 0 };
  let bucket = fullBucket(limit, now());

  patterns.declare('rate-limit', {
    description: 'Admits so many requests per second and refuses the rest at once, before they cost anything.',
    threatens: [],
  });
  patterns.observe('rate-limit', () => [
    { name: 'all callers', facts: { ratePerSecond: limit.ratePerSecond, burst: limit.burst, refused: counts.limited } },
  ]);
  patterns.declare('backpressure', {
    description: 'Refuses requests while too many are unanswered, so that those inside are answered in time.',
    threatens: [],
  });
  patterns.observe('backpressure', () => [
    {
      name: 'requests',
      facts: {
        inFlight: counts.inFlight,
        maxInFlight: pressure.maxInFlight,
        eventLoopRatio: Math.round(utilization() * 1_000) / 1_000,
        refused: counts.shed,
      },
    },
  ]);

  return {
    enter() {
      if (patterns.isOn('rate-limit')) {
        const taken = takeToken(bucket, limit, now());
        bucket = taken.bucket;
        if (!taken.admitted) {
          counts.limited += 1;
          throw new AppError('rate_limited', `over ${limit.ratePerSecond} requests per second; slow down`, {
            retryAfterSeconds: 1,
          });
        }
      }
      const load = { inFlight: counts.inFlight, utilization: utilization() };
      if (patterns.isOn('backpressure') && isOverloaded(load, pressure)) {
        counts.shed += 1;
        throw new AppError('unavailable', `${counts.inFlight} requests are unanswered; try again`, {
          retryAfterSeconds: 1,
        });
      }
      counts.inFlight += 1;
    },
    leave() {
      counts.inFlight -= 1;
    },
  };
}

/** Share of time at work, measured over the last half second or more: no timer, costs nothing while nobody asks. */
function createUtilization(now: () => number): () => number {
  let since = performance.eventLoopUtilization();
  let sinceMs = now();
  let last = 0;
  return () => {
    if (now() - sinceMs < 500) return last;
    last = performance.eventLoopUtilization(since).utilization;
    since = performance.eventLoopUtilization();
    sinceMs = now();
    return last;
  };
}
