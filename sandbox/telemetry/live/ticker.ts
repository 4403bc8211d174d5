/** Runs `task` soon after it was asked for, and at most every `everyMs`: arrivals in between are handled together. */
export type Ticker = { ask(): void; stop(): void };

export function createTicker(everyMs: number, task: () => void): Ticker {
  let timer: NodeJS.Timeout | null = null;
  let lastMs = 0;
  let stopped = false;
  return {
    ask() {
      if (timer !== null || stopped) return;
      // A short wait even when the last run is long ago, so that one batch of spans makes one message.
      const wait = Math.max(Math.min(everyMs, 10), lastMs + everyMs - performance.now());
      timer = setTimeout(() => {
        timer = null;
        lastMs = performance.now();
        task();
      }, wait);
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
