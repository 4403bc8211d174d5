import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { Launcher } from '../launcher.ts';

/**
 * Flags of every Node process of ours. npm installs no symlinks: not looking for them in each of a thousand paths saves
 * every process a tenth of its start.
 */
export const commonNodeFlags = [
  '--disable-warning=ExperimentalWarning',
  '--preserve-symlinks',
  '--preserve-symlinks-main',
] as const;

export type NodeLauncherOptions = {
  /** TypeScript file, relative to `directory`. */
  entry: string;
  directory: string;
  flags: readonly string[];
  environment(instance: string): Record<string, string>;
  probe(signal: AbortSignal): Promise<void>;
};

/** Starts `node <entry>` with the supervisor's own Node. */
export function nodeLauncher({ entry, directory, flags, environment, probe }: NodeLauncherOptions): Launcher {
  return {
    async prepare(instance) {
      const file = path.resolve(directory, entry);
      await access(file).catch((cause) => {
        throw new AppError('not_found', `${entry} does not exist`, { cause });
      });
      return {
        command: process.execPath,
        args: [...commonNodeFlags, ...flags, file],
        cwd: directory,
        env: environment(instance),
        ipc: true,
        stopSignal: 'SIGTERM',
      };
    },
    probe,
  };
}
