export type Sleeper = {
  /** Resolves after the time, when woken, or when the signal is aborted. */
  sleep(ms: number): Promise<void>;
  wake(): void;
};

/** A wait for one sleeper that can be cut short. */
export function createSleeper(signal?: AbortSignal): Sleeper {
  let wake = () => {};
  signal?.addEventListener('abort', () => wake(), { once: true });
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, signal?.aborted ? 0 : ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}
