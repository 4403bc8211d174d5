import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from './account.ts';

/** True when `account` may pass every directory up to `target`, by mode bits. Null (ourselves) may always. */
export async function isReachable(target: string, account: Account | null): Promise<boolean> {
  if (account === null) return true;
  const real = await realpath(target).catch(() => null);
  if (real === null) return false;
  for (let directory = real; ; directory = path.dirname(directory)) {
    const { mode, uid, gid } = await stat(directory);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (directory === path.dirname(directory)) return true;
  }
}
