import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit, type BreakerState, closedBreaker, defaultBreaker, type Lesson, settle } from './circuit-breaker.ts';

const policy = {
  ...defaultBreaker,
  windowSize: 10,
  minimumCalls: 4,
  failureRatio: 0.5,
  openMs: 100,
  maxOpenMs: 400,
  probes: 2,
};

function play(lessons: readonly Lesson[], from: BreakerState = closedBreaker(policy), nowMs = 0): BreakerState {
  return lessons.reduce((state, lesson) => settle(admit(state, policy, nowMs).state, policy, lesson, nowMs), from);
}

test('opens when half of the known calls failed, and not before enough are known', () => {
  expect(play(['failure', 'failure', 'failure']).mode).toBe('closed');
  expect(play(['success', 'success', 'failure', 'failure']).mode).toBe('open');
  expect(play(['success', 'success', 'success', 'failure', 'failure']).mode).toBe('closed');
});

test('a cancelled call says nothing about the upstream', () => {
  expect(play(['failure', 'failure', 'failure', 'ignored', 'ignored']).mode).toBe('closed');
});

test('open refuses until its time is over, then lets as many probes through as it may', () => {
  const open = play(['failure', 'failure', 'failure', 'failure']);
  expect(admit(open, policy, 99)).toMatchObject({ admitted: false, retryInMs: 1 });
  const first = admit(open, policy, 100);
  expect(first).toMatchObject({ admitted: true, state: { mode: 'half-open' } });
  const second = admit(first.state, policy, 100);
  expect(second.admitted).toBe(true);
  expect(admit(second.state, policy, 100).admitted).toBe(false);
});

test('successful probes close it, a failed one opens it for longer, up to a limit', () => {
  let state = play(['failure', 'failure', 'failure', 'failure']);
  let nowMs = 100;
  for (const openMs of [200, 400, 400]) {
    state = settle(admit(state, policy, nowMs).state, policy, 'failure', nowMs);
    expect(state).toMatchObject({ mode: 'open', untilMs: nowMs + openMs });
    nowMs += openMs;
  }
  state = settle(admit(state, policy, nowMs).state, policy, 'success', nowMs);
  expect(state.mode).toBe('half-open');
  state = settle(admit(state, policy, nowMs).state, policy, 'success', nowMs);
  expect(state).toEqual(closedBreaker(policy));
});

test('whatever happens, never more probes than allowed are under way, and it never stays shut for ever', () => {
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 150 }),
    act: fc.constantFrom<'call' | Lesson>('call', 'success', 'failure', 'ignored'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      let state = closedBreaker(policy);
      let nowMs = 0;
      let underWay = 0;
      for (const { waitMs, act } of steps) {
        nowMs += waitMs;
        if (act === 'call') {
          const gate = admit(state, policy, nowMs);
          state = gate.state;
          if (gate.admitted) underWay += 1;
        } else if (underWay > 0) {
          underWay -= 1;
          state = settle(state, policy, act, nowMs);
        }
        if (state.mode === 'half-open') expect(state.running).toBeLessThanOrEqual(policy.probes);
      }
      for (let n = 0; n < 3 * policy.probes && state.mode !== 'closed'; n += 1) {
        nowMs += policy.maxOpenMs;
        // Calls that hang on from before end somehow; then the probes succeed.
        if (state.mode === 'half-open' && state.running >= policy.probes)
          state = settle(state, policy, 'ignored', nowMs);
        const gate = admit(state, policy, nowMs);
        expect(gate.admitted).toBe(true);
        state = settle(gate.state, policy, 'success', nowMs);
      }
      expect(state.mode).toBe('closed');
    }),
  );
});
