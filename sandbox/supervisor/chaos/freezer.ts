import { type ChildProcess, spawn } from 'node:child_process';
import { processEnv } from '../../process-env.ts';

/**
 * Wakes stopped processes when their lease is over. A process of its own does it, so that they are woken also when the
 * supervisor has been killed meanwhile. `cancel` ends it early; the processes are then left as they are.
 */
export function wakeLater(pids: readonly number[], afterMs: number): { cancel(): void } {
  const seconds = Math.max(1, Math.ceil(afterMs / 1_000));
  const script = `sleep ${seconds}; kill -CONT ${pids.join(' ')}`;
  const child: ChildProcess = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: 'ignore',
    env: processEnv({ PATH: process.env.PATH ?? '/usr/bin:/bin' }),
  });
  child.on('error', () => {});
  child.unref();
  return {
    cancel() {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        // The group, so that the sleep goes with its shell.
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    },
  };
}
