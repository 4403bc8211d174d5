import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPatterns } from '../control/patterns.ts';
import { testService } from '../testing/service.ts';
import { createOverloadGuard, defaultPressure, isOverloaded } from './overload.ts';

function make(options: { burst?: number; maxInFlight?: number } = {}) {
  const { service } = testService({});
  const patterns = createPatterns({ log: service.log });
  let atMs = 0;
  const guard = createOverloadGuard({
    patterns,
    now: () => atMs,
    utilization: () => 0,
    limit: { ratePerSecond: 10, burst: options.burst ?? 100 },
    pressure: { ...defaultPressure, maxInFlight: options.maxInFlight ?? 100 },
  });
  return { guard, patterns, pass: (ms: number) => (atMs += ms) };
}

test('a request more than fits is refused until one is answered', () => {
  const { guard } = make({ maxInFlight: 2 });
  guard.enter();
  guard.enter();
  expect(() => guard.enter()).toThrow(expect.objectContaining({ code: 'unavailable', retryAfterSeconds: 1 }));
  guard.leave();
  guard.enter();
});

test('a burst is admitted, the rest refused until tokens are back', () => {
  const { guard, pass } = make({ burst: 2 });
  guard.enter();
  guard.enter();
  expect(() => guard.enter()).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 1 }));
  pass(100);
  guard.enter();
});

test('switched off, nothing is refused, and what is refused is counted', async () => {
  const { guard, patterns } = make({ maxInFlight: 0, burst: 1 });
  expect(() => guard.enter()).toThrow();
  expect(() => guard.enter()).toThrow();
  const refused = (await patterns.list()).map(({ pattern, parts }) => [pattern, parts[0]?.facts.refused]);
  expect(refused).toEqual([
    ['rate-limit', 1],
    ['backpressure', 1],
  ]);
  await patterns.set('rate-limit', false);
  await patterns.set('backpressure', false);
  guard.enter();
  guard.enter();
});

test('more pressure never turns a refusal into an admission', () => {
  const load = fc.record({ inFlight: fc.nat(2_000), utilization: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(load, fc.nat(500), fc.double({ min: 0, max: 1, noNaN: true }), (before, requests, busier) => {
      const after = {
        inFlight: before.inFlight + requests,
        utilization: Math.max(before.utilization, busier),
      };
      return !isOverloaded(before, defaultPressure) || isOverloaded(after, defaultPressure);
    }),
  );
});
