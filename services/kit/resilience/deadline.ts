/**
 * Deadlines travel: a caller says how long it will wait, and whoever it calls passes on what is left. Work for somebody
 * who has stopped waiting is not begun.
 */
export const deadlineHeader = 'x-request-timeout-ms';

const deadlines = new WeakMap<AbortSignal, number>();

/** A copy of `signal` that also aborts when `timeoutMs` have passed, and remembers when that is. */
export function withDeadline(signal: AbortSignal, timeoutMs: number): AbortSignal {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)))]);
  const earlier = deadlines.get(signal) ?? Number.POSITIVE_INFINITY;
  deadlines.set(bounded, Math.min(earlier, performance.now() + timeoutMs));
  return bounded;
}

/** Milliseconds that the caller behind `signal` will still wait; `Infinity` when it has not said. */
export function remainingMs(signal: AbortSignal | undefined): number {
  const at = signal === undefined ? undefined : deadlines.get(signal);
  return at === undefined ? Number.POSITIVE_INFINITY : at - performance.now();
}

/** What a header says, or null when it is absent or senseless: a caller's mistake must not cut its request off. */
export function parseTimeout(header: string | string[] | undefined): number | null {
  if (typeof header !== 'string' || !/^\d{1,7}$/.test(header)) return null;
  return Number(header);
}
