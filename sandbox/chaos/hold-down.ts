import type { Injecting, Injection } from './fault.ts';
import { assertRunning, isUp, startAgain } from './process-state.ts';

/** Kills a process and keeps it down until the revert starts it again. */
export async function holdDown({ target, world }: Injecting<unknown>): Promise<Injection> {
  assertRunning(world, target);
  world.act(target, 'kill');
  let reverted = false;
  return {
    // Asked several times a second: whoever starts it meanwhile is met again.
    async hits() {
      const { state } = world.status(target);
      if (!reverted && state !== 'stopped' && state !== 'stopping' && !(isUp(world, target) && state === 'running')) {
        world.act(target, 'stop');
      }
      return isUp(world, target) ? 0 : 1;
    },
    async revert() {
      reverted = true;
      startAgain(world, target);
    },
    async verify() {
      assertRunning(world, target);
    },
  };
}
