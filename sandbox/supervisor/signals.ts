/** Ctrl-C, SIGTERM and a closed terminal stop the fleet in order; a second signal hastens it. */
export type Stoppable = { stop(): Promise<void> };

/**
 * Listens from now on. A signal that comes before there is anything to stop is kept and carried out by `attach`,
 * so that no moment of the start leaves an orphan.
 */
export function listenForSignals(onSignal: (name: string) => void): { attach(target: Stoppable): void } {
  let target: Stoppable | null = null;
  let early = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      onSignal(signal === 'SIGINT' ? 'Ctrl-C' : signal);
      if (target === null) early = true;
      else void target.stop();
    });
  }
  return {
    attach(stoppable) {
      target = stoppable;
      if (early) void stoppable.stop();
    },
  };
}
