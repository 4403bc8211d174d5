/**
 * Circuit breaker (Nygard, Release It!): after too many failures a dependency is left alone for a while, so that its
 * callers fail fast and it can recover. Pure: `admit` before each call, `settle` after it.
 *
 * closed → open when, of the last `windowSize` calls, at least `minimumCalls` are known and `failureRatio` of them
 * failed; open → half-open after `openMs`; half-open lets `probes` calls through at a time: `probes` successes close it,
 * one failure opens it again, for twice as long, up to `maxOpenMs`.
 */
export type BreakerState =
  | { mode: 'closed'; outcomes: readonly boolean[]; openMs: number }
  | { mode: 'open'; untilMs: number; openMs: number }
  | { mode: 'half-open'; running: number; successes: number; openMs: number };

export type BreakerPolicy = {
  windowSize: number;
  minimumCalls: number;
  failureRatio: number;
  openMs: number;
  maxOpenMs: number;
  probes: number;
};

export const defaultBreaker: BreakerPolicy = {
  windowSize: 20,
  minimumCalls: 5,
  failureRatio: 0.5,
  openMs: 1_000,
  maxOpenMs: 10_000,
  probes: 2,
};

export function closedBreaker(policy: BreakerPolicy): BreakerState {
  return { mode: 'closed', outcomes: [], openMs: policy.openMs };
}

/** Whether a call may go out now. `retryInMs` says when to ask again after a refusal. */
export function admit(
  state: BreakerState,
  policy: BreakerPolicy,
  nowMs: number,
): { state: BreakerState; admitted: boolean; retryInMs: number } {
  switch (state.mode) {
    case 'closed':
      return { state, admitted: true, retryInMs: 0 };
    case 'open':
      if (nowMs < state.untilMs) return { state, admitted: false, retryInMs: state.untilMs - nowMs };
      return {
        state: { mode: 'half-open', running: 1, successes: 0, openMs: state.openMs },
        admitted: true,
        retryInMs: 0,
      };
    case 'half-open':
      if (state.running >= policy.probes) return { state, admitted: false, retryInMs: policy.openMs / 10 };
      return { state: { ...state, running: state.running + 1 }, admitted: true, retryInMs: 0 };
  }
}

/** What an admitted call has taught. `ignored`: it ended without saying anything about the dependency (cancelled). */
export type Lesson = 'success' | 'failure' | 'ignored';

export function settle(state: BreakerState, policy: BreakerPolicy, lesson: Lesson, nowMs: number): BreakerState {
  switch (state.mode) {
    case 'closed':
      return lesson === 'ignored' ? state : settleClosed(state, policy, lesson, nowMs);
    case 'open':
      // A call from before it opened; what it says is known already.
      return state;
    case 'half-open': {
      const running = Math.max(0, state.running - 1);
      if (lesson === 'ignored') return { ...state, running };
      if (lesson === 'failure') return open(Math.min(policy.maxOpenMs, state.openMs * 2), nowMs);
      const successes = state.successes + 1;
      return successes >= policy.probes ? closedBreaker(policy) : { ...state, running, successes };
    }
  }
}

function settleClosed(
  state: Extract<BreakerState, { mode: 'closed' }>,
  policy: BreakerPolicy,
  lesson: Lesson,
  nowMs: number,
): BreakerState {
  const outcomes = [...state.outcomes, lesson === 'success'].slice(-policy.windowSize);
  const failures = outcomes.filter((succeeded) => !succeeded).length;
  const known = outcomes.length >= policy.minimumCalls;
  if (known && failures / outcomes.length >= policy.failureRatio) return open(state.openMs, nowMs);
  return { ...state, outcomes };
}

function open(openMs: number, nowMs: number): BreakerState {
  return { mode: 'open', untilMs: nowMs + openMs, openMs };
}
