import type { Clock, Timer } from '../clock.ts';

export interface FakeClock extends Clock {
  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void;
  pendingTimers(): number;
}

/** A clock that stands still until it is moved. */
export function createFakeClock(start = 1_000_000): FakeClock {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];
  const schedule = (delayMs: number, run: () => void): Timer => {
    const timer = { at: now + delayMs, run };
    timers.push(timer);
    return {
      cancel: () => {
        timers = timers.filter((t) => t !== timer);
      },
    };
  };
  return {
    now: () => now,
    after: schedule,
    every: () => ({ cancel: () => undefined }),
    pendingTimers: () => timers.length,
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((t) => t !== next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}
