import { beforeEach, expect, test } from 'vitest';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { Injection } from './fault.ts';
import { Lease, lastCountMs, lookEveryMs } from './lease.ts';
import { type FakeClock, fakeClock } from './testing/world.ts';

let clock: FakeClock;
let reverts: number[];

beforeEach(() => {
  clock = fakeClock();
  reverts = [];
});

const ttlMs = 10_000;
const mute = () => new Promise<never>(() => {});

function lease(given: Partial<Injection>): Lease {
  const run: FaultRun = {
    id: 'f-1',
    fault: 'latency',
    code: 'F-09',
    title: 'Latency on an edge',
    target: 'gateway-orders-http',
    touches: [],
    parameters: {},
    seed: 'orrery',
    ttlMs,
    state: 'armed',
    hits: 0,
    armedAt: clock.wall().toISOString(),
    expiresAt: clock.wall().toISOString(),
    endedAt: null,
    endedBy: null,
    revertMs: null,
    reason: null,
  };
  const injection: Injection = {
    hits: async () => 0,
    revert: async () => void reverts.push(clock.now()),
    verify: async () => {},
    ...given,
  };
  return new Lease({ run, injection, clock, onChange() {} });
}

test('is reverted when it is stopped, though nobody says what it has touched', async () => {
  const held = lease({ hits: mute });
  await clock.advance(1_000);
  void held.end('user');
  await clock.advance(lastCountMs);
  expect(reverts).toEqual([1_000 + lastCountMs]);
  expect(held.run).toMatchObject({ state: 'reverted', endedBy: 'user', hits: 0, revertMs: lastCountMs });
});

test.each([
  ['how often it has hit', { hits: mute }],
  ['whether it is over', { over: mute }],
])('is reverted when its time is over, though a look still waits to hear %s', async (_, silent) => {
  const held = lease(silent);
  await clock.advance(ttlMs + lastCountMs);
  expect(reverts).toHaveLength(1);
  expect(reverts[0]).toBeLessThanOrEqual(ttlMs + lastCountMs);
  expect(held.run).toMatchObject({ state: 'reverted', endedBy: 'lease' });
});

test('keeps the hits that were known when the last count does not come', async () => {
  let asked = 0;
  const held = lease({ hits: () => (++asked === 1 ? Promise.resolve(4) : mute()) });
  await clock.advance(2 * lookEveryMs);
  void held.end('user');
  await clock.advance(lastCountMs);
  expect(held.run).toMatchObject({ state: 'reverted', hits: 4 });
});

test('counts once more before it reverts, and does not wait where the answer comes', async () => {
  const held = lease({ hits: async () => 9 });
  await held.end('user');
  expect(held.run).toMatchObject({ state: 'reverted', hits: 9, revertMs: 0 });
});

test('an answer to a look changes nothing when the fault has ended meanwhile', async () => {
  const late = Promise.withResolvers<number>();
  let asked = 0;
  const held = lease({
    hits: () => (++asked === 1 ? late.promise : mute()),
    revert: () => Promise.reject(new Error('stuck')),
  });
  await clock.advance(lookEveryMs);
  void held.end('user');
  await clock.advance(50_000);
  expect(held.run.state).toBe('revert-failed');
  late.resolve(3);
  await clock.advance(1_000);
  expect(held.run).toMatchObject({ state: 'revert-failed', hits: 0 });
});
