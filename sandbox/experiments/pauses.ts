import { AppError } from '#contracts/errors.ts';
import type { Clock } from '../chaos/clock.ts';

/** What always runs is not cut short when the experiment is stopped. */
type Options = { always?: boolean };

export type Halt = { by: 'guard' | 'user'; reason: string };

export type Pauses = {
  /** Why the experiment was stopped, null while it goes on. */
  readonly halt: Halt | null;
  /** Ends every pause that is not for what always runs. False when it was stopped before. */
  stop(why: Halt): boolean;
  /** As if it had not been stopped. */
  resume(): void;
  /** Ends every pause; each that comes rejects with `cancelled`. */
  abandon(): void;
  /** Ends early when the experiment is stopped. */
  sleep(ms: number, options?: Options): Promise<void>;
  /** False when it did not come true in time, or the experiment was stopped. */
  until(isSo: () => boolean | Promise<boolean>, withinMs: number, options?: Options): Promise<boolean>;
};

const lookEveryMs = 250;

/** The waits of an experiment: it can be stopped in any of them. */
export function createPauses(clock: Clock): Pauses {
  const sleepers = new Set<{ always: boolean; end(): void }>();
  let halt: Halt | null = null;
  let abandoned = false;

  function sleep(ms: number, { always = false }: Options = {}): Promise<void> {
    if (abandoned) return Promise.reject(new AppError('cancelled', 'the sandbox stopped in the middle'));
    if (halt !== null && !always) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = {
        always,
        end() {
          cancel();
          sleepers.delete(sleeper);
          resolve();
        },
      };
      const cancel = clock.after(Math.max(0, ms), sleeper.end);
      sleepers.add(sleeper);
    });
  }

  return {
    get halt() {
      return halt;
    },
    stop(why) {
      if (halt !== null) return false;
      halt = why;
      for (const sleeper of [...sleepers]) if (!sleeper.always) sleeper.end();
      return true;
    },
    resume() {
      halt = null;
    },
    abandon() {
      abandoned = true;
      for (const sleeper of [...sleepers]) sleeper.end();
    },
    sleep,
    async until(isSo, withinMs, { always = false } = {}) {
      const deadlineMs = clock.now() + withinMs;
      while (always || halt === null) {
        if (await isSo()) return true;
        if (clock.now() >= deadlineMs) return false;
        await sleep(lookEveryMs, { always });
      }
      return false;
    },
  };
}
