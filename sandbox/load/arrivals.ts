/** When orders become due. Open loop: the schedule knows nothing of answers, so a slow fleet cannot slow it down. */
import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { seededRandom } from './random.ts';

export type Arrivals = {
  /** Milliseconds since the start at which the next order is due. */
  nextMs(): number;
  /** Goes on to the order after that. */
  advance(): void;
  /** From `nowMs` on orders come at another rate; the wait that has begun shrinks or grows in proportion. */
  changeRate(ratePerSecond: number, nowMs: number): void;
};

/**
 * Constant arrivals are `1 / rate` apart, the first at 0. Poisson arrivals have exponential gaps of the same mean
 * (inverse transform), as customers who know nothing of each other come. The same seed gives the same times.
 */
export function createArrivals({
  arrivals,
  ratePerSecond,
  seed,
}: Pick<LoadPlan, 'arrivals' | 'ratePerSecond' | 'seed'>): Arrivals {
  const random = seededRandom(seed, 1);
  let meanMs = 1_000 / ratePerSecond;
  const gapMs = () => (arrivals === 'constant' ? meanMs : -Math.log(1 - random()) * meanMs);
  let dueMs = arrivals === 'constant' ? 0 : gapMs();
  return {
    nextMs: () => dueMs,
    advance() {
      dueMs += gapMs();
    },
    changeRate(rate, nowMs) {
      const mean = 1_000 / rate;
      // What is overdue stays due when it was: a change of the rate must not hide a delay.
      if (dueMs > nowMs) dueMs = nowMs + ((dueMs - nowMs) * mean) / meanMs;
      meanMs = mean;
    },
  };
}
