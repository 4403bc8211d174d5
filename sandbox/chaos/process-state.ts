import { AppError } from '#contracts/errors.ts';
import type { World } from './world.ts';

/** Throws, with the state, unless the process is ready. */
export function assertRunning(world: World, process: string): void {
  const { state, reason } = world.status(process);
  if (state === 'running') return;
  throw new AppError('conflict', `${process} is ${state}${reason === null ? '' : `: ${reason.slice(0, 200)}`}`);
}

/** Starts it unless it is started or about to be. */
export function startAgain(world: World, process: string): void {
  const { state } = world.status(process);
  if (
    state === 'stopped' ||
    state === 'stopping' ||
    state === 'failed' ||
    state === 'backoff' ||
    state === 'crash-loop'
  ) {
    world.act(process, 'start');
  }
}

/** True while the process exists in the operating system. */
export function isUp(world: World, process: string): boolean {
  return world.status(process).pid !== null;
}
