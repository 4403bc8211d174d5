import { AppError } from '#contracts/errors.ts';
import type { Freezer, Processes } from '../processes.ts';
import { type Waker, wakeLater } from './wake-later.ts';

/** Freezes children of this machine; a waker of its own goes with each. */
export function createFreezer(runner: Processes): Freezer {
  const wakers = new Map<string, Waker>();
  return {
    async freeze(process, ttlMs) {
      const { pid } = runner.find(process).status();
      if (pid === null) throw new AppError('conflict', `${process} does not run`);
      const waker = await wakeLater(pid, ttlMs);
      try {
        // Paused without a waker of its own, a process that was started meanwhile might never be woken.
        if (runner.find(process).status().pid !== pid)
          throw new AppError('conflict', `${process} was started anew meanwhile; try again`);
        runner.act(process, 'pause');
      } catch (error) {
        waker.wake();
        throw error;
      }
      wakers.set(process, waker);
    },
    async thaw(process) {
      wakers.get(process)?.wake();
      wakers.delete(process);
      if (runner.find(process).status().state === 'paused') runner.act(process, 'resume');
    },
  };
}
