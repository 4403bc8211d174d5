import type { Supervisor } from '../supervisor/supervise.ts';

/** Ctrl-C, SIGTERM and a closed terminal stop the fleet in order; a second signal hastens it. */
export function endOnSignals(supervisor: Supervisor, told: { stopping(signal: string): void }): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      told.stopping(signal === 'SIGINT' ? 'Ctrl-C' : signal);
      void supervisor.stop();
    });
  }
}
