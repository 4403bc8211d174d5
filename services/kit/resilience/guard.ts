import { AppError, isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Patterns } from '../control/patterns.ts';
import type { FaultAgent } from '../faults/agent.ts';
import type { Logger } from '../logger.ts';
import { annotate } from '../telemetry/spans.ts';
import { createBulkhead } from './bulkhead.ts';
import {
  admit,
  type BreakerPolicy,
  type BreakerState,
  closedBreaker,
  defaultBreaker,
  type Lesson,
  settle,
} from './circuit-breaker.ts';
import { createRetryBudget } from './retry-budget.ts';

/** What stands between a process and one of its upstreams: breaker, bulkhead and retry budget, each with its switch. */
export type Guard = {
  peer: string;
  /** One attempt. Throws `unavailable` at once while the breaker is open or the bulkhead is full. */
  run<T>(attempt: () => Promise<T>): Promise<T>;
  /** Call before a first attempt. */
  begin(): void;
  /** Whether one more attempt may be made. */
  mayRetry(): boolean;
  /** False while timeouts are switched off. */
  hasTimeout(): boolean;
};

export type GuardOptions = {
  peer: string;
  patterns: Patterns;
  log: Logger;
  /** What may be done to it on purpose. */
  faults?: Pick<FaultAgent, 'offer' | 'strike'>;
  breaker?: Partial<BreakerPolicy>;
  maxConcurrent?: number;
  maxQueued?: number;
  maxWaitMs?: number;
  /** Monotonic milliseconds. */
  now?: () => number;
};

export function createGuard(options: GuardOptions): Guard {
  const { peer, patterns, log, faults, now = () => performance.now() } = options;
  const policy = { ...defaultBreaker, ...options.breaker };
  const limits = {
    maxConcurrent: options.maxConcurrent ?? 64,
    maxQueued: options.maxQueued ?? 256,
    maxWaitMs: options.maxWaitMs ?? 1_000,
  };
  const bulkhead = createBulkhead(peer, limits);
  const budget = createRetryBudget();
  let breaker: BreakerState = closedBreaker(policy);
  let rejected = 0;
  let opened = 0;

  declareAll(patterns);
  faults?.offer('retry-storm', { knows: (only) => only === peer });
  patterns.observe('circuit-breaker', () => [
    {
      name: peer,
      facts: {
        state: breaker.mode,
        opened,
        rejected,
        opensAtFailureRatio: policy.failureRatio,
        failureRatio: failureRatio(breaker),
        retryInMs: breaker.mode === 'open' ? Math.max(0, Math.round(breaker.untilMs - now())) : null,
      },
    },
  ]);
  patterns.observe('bulkhead', () => [
    { name: peer, facts: { ...bulkhead.view(), maxConcurrent: limits.maxConcurrent, maxQueued: limits.maxQueued } },
  ]);
  patterns.observe('retry-budget', () => {
    const { balance, retried, refused } = budget.view();
    return [{ name: peer, facts: { balance: Math.round(balance * 10) / 10, retried, refused } }];
  });

  /** Whether a fault lets everything be tried again. */
  function isStormy(): boolean {
    return (faults?.strike('retry-storm', peer) ?? null) !== null;
  }

  function become(next: BreakerState): void {
    if (next.mode !== breaker.mode) {
      if (next.mode === 'open') opened += 1;
      const fields = { peer, from: breaker.mode, to: next.mode };
      if (next.mode === 'open') log.warn({ ...fields, openMs: next.openMs }, 'circuit breaker opened');
      else log.info(fields, `circuit breaker ${next.mode}`);
    }
    breaker = next;
  }

  async function throughBreaker<T>(attempt: () => Promise<T>): Promise<T> {
    if (!patterns.isOn('circuit-breaker')) return attempt();
    const gate = admit(breaker, policy, now());
    become(gate.state);
    if (!gate.admitted) {
      rejected += 1;
      annotate({ [names.unreachable]: peer });
      throw new AppError('unavailable', `${peer} is left alone after too many failures; try again`, {
        retryAfterSeconds: Math.max(1, Math.ceil(gate.retryInMs / 1_000)),
      });
    }
    try {
      const answer = await attempt();
      become(settle(breaker, policy, 'success', now()));
      return answer;
    } catch (error) {
      become(settle(breaker, policy, lessonOf(error), now()));
      throw error;
    }
  }

  return {
    peer,
    run: (attempt) =>
      patterns.isOn('bulkhead') ? bulkhead.run(() => throughBreaker(attempt)) : throughBreaker(attempt),
    begin: () => budget.deposit(),
    mayRetry: () => patterns.isOn('retry') && (isStormy() || !patterns.isOn('retry-budget') || budget.withdraw()),
    hasTimeout: () => patterns.isOn('timeout'),
  };
}

/** Only what another caller would meet as well says something about the upstream: not a refusal, not a cancellation. */
function lessonOf(error: unknown): Lesson {
  if (isAppError(error, 'cancelled')) return 'ignored';
  const failed =
    isAppError(error, 'unavailable') ||
    isAppError(error, 'deadline_exceeded') ||
    isAppError(error, 'dependency_failed');
  return failed ? 'failure' : isAppError(error) ? 'success' : 'ignored';
}

function failureRatio(state: BreakerState): number | null {
  if (state.mode !== 'closed' || state.outcomes.length === 0) return null;
  return state.outcomes.filter((succeeded) => !succeeded).length / state.outcomes.length;
}

function declareAll(patterns: Patterns): void {
  patterns.declare('circuit-breaker', {
    description: 'Leaves an upstream alone after too many failures, so that callers fail fast and it can recover.',
    threatens: ['R2'],
  });
  patterns.declare('bulkhead', {
    description: 'Limits how many calls one upstream may hold at a time, so that the others keep their share.',
    threatens: ['R4'],
  });
  patterns.declare('retry', {
    description: 'Tries an idempotent call again after a failure that another attempt may cure, with full jitter.',
    threatens: ['R1'],
  });
  patterns.declare('retry-budget', {
    description: 'Keeps retries below a fifth of the calls, so that a failing upstream is not buried under them.',
    threatens: ['R3'],
  });
  patterns.declare('timeout', {
    description: 'Ends a call that takes too long, and passes on how long its own caller will still wait.',
    threatens: ['R1', 'R4'],
  });
}
