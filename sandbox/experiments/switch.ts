import { AppError } from '#contracts/errors.ts';
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { RunContext } from './context.ts';

export type Switch = ReturnType<typeof createSwitch>;

/** A process that was killed has this long to be asked again. */
const mostOnMs = 60_000;

/** The pattern that a run is without, if it is without one. A switch does not survive its process: it is set again. */
export function createSwitch({ comparison, world, record, pauses }: RunContext) {
  const off = comparison?.part === 'without' ? comparison.without : null;
  let wanted = false;
  const set = async (enabled: boolean) => {
    if (off !== null) await world.switchPattern(off, enabled);
  };
  return {
    async turnOff(): Promise<void> {
      if (off === null) return;
      wanted = true;
      await set(false);
      record.tell('switch', `${patternWords(off)} is switched off`);
    },
    /** Does nothing while its process does not answer; asked often enough. */
    async keepOff(): Promise<void> {
      if (wanted) await set(false).catch(() => {});
    },
    /** Throws `unavailable` when its process did not answer in time; a process that is started has it on. */
    async turnOn(): Promise<void> {
      if (off === null || !wanted) return;
      wanted = false;
      const isSet = () =>
        set(true).then(
          () => true,
          () => false,
        );
      if (!(await pauses.until(isSet, mostOnMs, { always: true })))
        throw new AppError('unavailable', `${off.service} does not answer`);
    },
    off,
  };
}
