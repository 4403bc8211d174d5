import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { runTool } from './run.ts';

export const superuser = 'postgres';
const major = '18';

/**
 * Makes the data directory once: UTF-8, the built-in C.UTF-8 collation (the same order on every machine), checksums,
 * SCRAM for every connection. It is made beside its place and renamed, so an interrupted initdb leaves nothing.
 * Throws `conflict` when data of another major version is there.
 */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  password: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await readFile(path.join(place.data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (found !== null) {
    if (found.trim() === major) return;
    throw new AppError(
      'conflict',
      `${place.data} holds data of PostgreSQL ${found.trim()}, this is ${major}: move it away or run \`npm run orrery -- reset\``,
    );
  }
  const draft = `${place.data}.new`;
  const passwordFile = path.join(place.directory, 'initdb-password');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (place.account) {
    await chown(draft, place.account.uid, place.account.gid);
    await chown(passwordFile, place.account.uid, place.account.gid);
  }
  try {
    const options = ['--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
    const locale = [
      '--encoding',
      'UTF8',
      '--locale-provider',
      'builtin',
      '--builtin-locale',
      'C.UTF-8',
      '--locale',
      'C',
    ];
    await runTool(binaries.initdb, ['-D', draft, ...options, ...locale, '--data-checksums', '--no-instructions'], {
      account: place.account,
      cwd: draft,
      signal,
    });
    await rm(place.data, { recursive: true, force: true });
    await rename(draft, place.data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}
