import type { AppError } from '#contracts/errors.ts';

const firstMs = 100;

/**
 * Full jitter over a ceiling that doubles with each attempt, from 100 ms up to `capMs` (Brooker, "Exponential Backoff And
 * Jitter"). `attempt` counts from 1; milliseconds.
 */
export function fullJitterMs(attempt: number, random: () => number, capMs = 10_000): number {
  return random() * Math.min(firstMs * 2 ** (attempt - 1), capMs);
}

/** How long a caller waits before it tries again; a Retry-After is obeyed up to one second. Milliseconds. */
export function retryDelayMs(attempt: number, error: AppError, random: () => number): number {
  if (error.retryAfterSeconds !== null) return Math.min(error.retryAfterSeconds * 1_000, 1_000);
  return fullJitterMs(attempt, random);
}
