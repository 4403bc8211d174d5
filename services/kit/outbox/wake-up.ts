export type WakeUp = {
  wake(): void;
  /** Resolves when woken (also when that was since the last wait), after `timeoutMs`, or on abort. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
};

/** A coalescing signal: any number of wakes between two waits count as one, and none is lost. */
export function createWakeUp(): WakeUp {
  let pending = false;
  let resolveWait: (() => void) | undefined;
  return {
    wake() {
      pending = true;
      resolveWait?.();
    },
    async wait(timeoutMs, signal) {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const finish = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', finish);
            resolve();
          };
          const timer = setTimeout(finish, timeoutMs);
          signal.addEventListener('abort', finish, { once: true });
          resolveWait = finish;
        });
        resolveWait = undefined;
      }
      pending = false;
    },
  };
}
