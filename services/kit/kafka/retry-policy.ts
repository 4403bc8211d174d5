import { isAppError } from '#contracts/errors.ts';
import { sqlState } from '../postgres/errors.ts';
import { fullJitterMs } from '../resilience/backoff.ts';

/**
 * What to do with a message whose handling failed.
 * - `poison`: it can never be handled; park it at once.
 * - `transient`: a dependency is in trouble; try again for ever, with growing pauses of this partition.
 * - `unknown`: a fault of its own, perhaps a passing one; try a few times, then later, out of the way of the others.
 */
export type FailureKind = 'poison' | 'transient' | 'unknown';

export function classifyFailure(error: unknown): FailureKind {
  if (isAppError(error)) {
    if (error.retryable) return 'transient';
    return error.code === 'internal' || error.code === 'cancelled' ? 'unknown' : 'poison';
  }
  if (error instanceof Error && error.name === 'ZodError') return 'poison';
  const state = sqlState(error);
  // Class 22: the data does not fit its column. It never will.
  if (state?.startsWith('22')) return 'poison';
  return 'unknown';
}

/** Quick tries before the message is taken out of the way (unknown). */
export const inlineAttempts = 3;

/** `later`: after a while, with its key parked meanwhile. `park`: only when somebody says so. */
export type Verdict = { action: 'retry'; delayMs: number } | { action: 'later' } | { action: 'park' };

/** With `pause` false (for teaching) trouble with a dependency is not waited out: the message goes after a few tries. */
export function decide(error: unknown, attempt: number, random: () => number, pause = true): Verdict {
  const kind = classifyFailure(error);
  if (kind === 'poison') return { action: 'park' };
  if (kind === 'unknown' && attempt >= inlineAttempts) return { action: 'later' };
  if (!pause && attempt >= inlineAttempts) return { action: 'park' };
  return { action: 'retry', delayMs: Math.round(fullJitterMs(attempt, random)) };
}
