export type Timer = { cancel(): void };

/** Time as a dependency: tests drive it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  after(delayMs: number, run: () => void): Timer;
  every(intervalMs: number, run: () => void): Timer;
}

/** Node's largest timer delay; longer ones would fire at once. */
const MAX_DELAY_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, Math.min(delayMs, MAX_DELAY_MS));
    return { cancel: () => clearTimeout(handle) };
  },
  every(intervalMs, run) {
    const handle = setInterval(run, Math.min(intervalMs, MAX_DELAY_MS));
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};
