export type Sleeper = {
  /** Resolves after the time, when woken, or when the signal is aborted. */
  sleep(ms: number): Promise<void>;
  wake(): void;
};

/** A wait for one sleeper that can be cut short. */
export function createSleeper(signal?: AbortSignal): Sleeper {
  let wake = () => {};
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        wake = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal?.addEventListener('abort', wake);
      }),
    wake: () => wake(),
  };
}
