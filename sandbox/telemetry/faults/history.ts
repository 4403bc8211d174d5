import type { FaultWindow } from '#contracts/telemetry/faults.ts';

/**
 * Every fault ever told of, the newest last: spans are marked whenever they are read, also long after the fault was
 * last heard of.
 */
export type FaultHistory = {
  /** What is on and what has ended lately; a fault that is no longer told of has ended by now. */
  learn(windows: readonly FaultWindow[]): void;
  windows(): readonly FaultWindow[];
};

/** Enough for a day of experiments; the oldest are forgotten. */
const mostRemembered = 1000;

export function createFaultHistory(known: readonly FaultWindow[], now: () => number): FaultHistory {
  let all = [...known];
  return {
    learn(windows) {
      const told = new Map(windows.map((window) => [window.id, window]));
      const before = all
        .filter(({ id }) => !told.has(id))
        .map((window) => (window.untilMs === null ? { ...window, untilMs: now() } : window));
      all = [...before, ...windows].sort((a, b) => a.fromMs - b.fromMs).slice(-mostRemembered);
    },
    windows: () => all,
  };
}
