/** When a crashed process is started again. Times in milliseconds. */
export type BackoffPolicy = {
  baseMs: number;
  maxMs: number;
  /** That many crashes within the window are a crash loop. */
  loopCrashes: number;
  loopWindowMs: number;
  /** Pause between the attempts of a crash loop. */
  loopMs: number;
};

export const defaultBackoff: BackoffPolicy = {
  baseMs: 250,
  maxMs: 10_000,
  loopCrashes: 5,
  loopWindowMs: 60_000,
  loopMs: 15_000,
};

/** Crashes that still count at `nowMs`, the oldest first. */
export function recentCrashes(crashes: readonly number[], nowMs: number, policy: BackoffPolicy): number[] {
  return crashes.filter((at) => nowMs - at < policy.loopWindowMs);
}

/**
 * Delay before the next start after `crashCount` recent crashes (1 = the first): doubles from `baseMs` to `maxMs`,
 * within a jitter of ±20 % so that processes killed together do not come back together. `random` is in [0, 1).
 */
export function backoffDelay(crashCount: number, random: number, policy: BackoffPolicy): number {
  const plain =
    crashCount >= policy.loopCrashes
      ? policy.loopMs
      : Math.min(policy.maxMs, policy.baseMs * 2 ** Math.max(0, crashCount - 1));
  return Math.round(plain * (0.8 + 0.4 * random));
}
