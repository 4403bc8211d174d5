/** Several sandboxes may start at the same moment: each claims its ports for the others to see, before it uses them. */
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { takeLock } from './lock.ts';
import { portIsFree } from './ports.ts';

export type PortClaims = {
  /** Claims a port that nobody listens on and no other sandbox has claimed. False when there is somebody. */
  claim(port: number): Promise<boolean>;
  releaseAll(): Promise<void>;
};

/** Claims are lock files of this user; those of dead supervisors count for nothing. */
export function createPortClaims(
  directory = path.join(tmpdir(), `orrery-ports-${process.getuid?.() ?? 'user'}`),
): PortClaims {
  const releases: (() => Promise<void>)[] = [];
  return {
    async claim(port) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const lock = await takeLock(path.join(directory, String(port)));
      if ('holder' in lock) return false;
      if (await portIsFree(port)) {
        releases.push(lock.release);
        return true;
      }
      await lock.release();
      return false;
    },
    async releaseAll() {
      await Promise.all(releases.splice(0).map((release) => release()));
    },
  };
}
