/**
 * The processes of the fleet as everything sees them that does not run them itself: control API, chaos, experiments. They
 * are children of this process (fleet-runner.ts), or containers (docker/).
 */
import type { CapturedLine, ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';

export type RunProcess = {
  readonly name: string;
  status(): ProcessStatus;
  /** The newest lines that it printed, of those that came after the line numbered `after`. */
  lines(count: number, after?: number): CapturedLine[];
};

export type Processes = {
  processes: readonly RunProcess[];
  /** Throws `not_found`. */
  find(name: string): RunProcess;
  /** Begins what was asked for. Throws `not_found` or, where the state does not allow it, `conflict`. */
  act(name: string, action: ProcessAction): RunProcess;
};

/** Stops a process and lets it go on, with somebody who wakes it in time whatever happens to us. */
export type Freezer = {
  /** Throws `conflict` when it does not run, `unavailable` when nobody would wake it. */
  freeze(process: string, ttlMs: number): Promise<void>;
  thaw(process: string): Promise<void>;
};
