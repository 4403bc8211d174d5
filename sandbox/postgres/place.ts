/** Where the data of one state directory lives, and as whom Postgres runs on it. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Account, postgresAccount } from './account.ts';
import { isReachable } from './reachable.ts';

export type Place = {
  /** Holds `data`, and a copy of the binaries where one is needed. */
  directory: string;
  data: string;
  account: Account | null;
};

/**
 * `<home>/postgres`, unless we are root and the account of Postgres cannot get there (a checkout below /root): then
 * `/var/lib/orrery/<hash of home>`. Data found in either place is kept in use.
 */
export async function findPlace(home: string, outside = '/var/lib/orrery'): Promise<Place> {
  const inside = path.join(home, 'postgres');
  const apart = apartFrom(home, outside);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if ((await hasData(apart)) && process.getuid?.() === 0) return place(apart);
  await mkdir(inside, { recursive: true, mode: 0o700 });
  const account = await postgresAccount(path.join(inside, 'data'));
  if (account !== null) {
    // Passing through is enough: names stay unlisted, files stay 0600.
    await chmod(home, 0o711);
    await chmod(inside, 0o711);
  }
  if (await isReachable(inside, account)) return { directory: inside, data: path.join(inside, 'data'), account };
  await mkdir(apart, { recursive: true });
  for (const directory of [outside, apart]) await chmod(directory, 0o711);
  return place(apart);
}

/** Directory outside of `home` that this home would use; `reset` removes it too. */
export function apartFrom(home: string, outside = '/var/lib/orrery'): string {
  return path.join(outside, createHash('sha256').update(path.resolve(home)).digest('hex').slice(0, 16));
}

async function place(directory: string): Promise<Place> {
  const data = path.join(directory, 'data');
  return { directory, data, account: await postgresAccount(data) };
}

async function hasData(directory: string): Promise<boolean> {
  return stat(path.join(directory, 'data/PG_VERSION')).then(
    () => true,
    () => false,
  );
}
