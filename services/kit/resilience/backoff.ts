import type { AppError } from '#contracts/errors.ts';

/**
 * How long to wait before attempt `attempt + 1`: full jitter over 50 ms doubling per attempt (Brooker, "Exponential
 * Backoff And Jitter"); a Retry-After is obeyed up to one second. Milliseconds.
 */
export function backoffMs(attempt: number, error: AppError, random: () => number): number {
  if (error.retryAfterSeconds !== null) return Math.min(error.retryAfterSeconds * 1_000, 1_000);
  return random() * 50 * 2 ** attempt;
}
