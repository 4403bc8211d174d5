import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { AppError } from '#contracts/errors.ts';
import { processEnv } from '../../process-env.ts';
import { commonNodeFlags } from '../launchers/node.ts';
import { startMark } from '../process-table.ts';

const entry = fileURLToPath(new URL('./waker.ts', import.meta.url));
const mostStartMs = 4_000;

export type Waker = {
  /** Wakes it now. */
  wake(): void;
};

/**
 * Somebody who wakes a process that is about to be stopped, `afterMs` from now at the latest. It is a process of its own
 * (waker.ts), which goes on when the supervisor is killed. Resolves when its time begins, so that nothing
 * is stopped before somebody is there to wake it; throws `unavailable` when nobody is.
 */
export async function wakeLater(pid: number, afterMs: number): Promise<Waker> {
  const mark = await startMark(pid);
  if (mark === null) throw new AppError('conflict', `there is no process ${pid} any more`);
  const child: ChildProcess = spawn(process.execPath, [...commonNodeFlags, entry, String(pid), mark, String(afterMs)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: processEnv({ PATH: process.env.PATH ?? '' }),
  });
  child.on('error', () => {});
  child.unref();
  const stdout = child.stdout as Readable;
  try {
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('it ended')));
    await Promise.race([once(stdout, 'data', { signal: AbortSignal.timeout(mostStartMs) }), ended]);
  } catch (cause) {
    child.kill('SIGKILL');
    throw new AppError('unavailable', 'it is not stopped, because nobody is there to wake it in time', { cause });
  } finally {
    stdout.destroy();
  }
  return { wake: () => void child.kill('SIGTERM') };
}
