/** The embedded server for the supervisor: what to do before it is spawned, how, and how it says that it is ready. */

import { packageDirectory, prepareBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import { asSuperuser } from './connect.ts';
import { findPlace } from './place.ts';
import { freeDataDirectory } from './postmaster.ts';
import { type Login, provision } from './provision.ts';
import { serverArguments } from './settings.ts';

export type PostgresOptions = {
  home: string;
  port: number;
  superuserPassword: string;
  logins: readonly Login[];
};

export type PostgresCommand = {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
};

/** Everything up to the spawn: binaries, data directory, leftovers of a crash. Throws AppError with what to do. */
export async function preparePostgres(options: PostgresOptions, signal: AbortSignal): Promise<PostgresCommand> {
  const place = await findPlace(options.home);
  const binaries = await prepareBinaries(packageDirectory(), place.account, place.directory);
  await ensureCluster(place, binaries, options.superuserPassword, signal);
  await freeDataDirectory(place.data);
  return {
    command: binaries.postgres,
    args: serverArguments(place.data, options.port),
    cwd: place.data,
    env: { LC_ALL: 'C', PGTZ: 'UTC' },
    ...(place.account ? { uid: place.account.uid, gid: place.account.gid } : {}),
  };
}

/** A probe: `select 1`, and before the first success the logins and databases. */
export function postgresProbe(options: PostgresOptions): () => Promise<void> {
  const server = { host: '127.0.0.1', port: options.port, password: options.superuserPassword };
  let provisioned = false;
  return async () => {
    if (!provisioned) {
      await provision(server, options.logins);
      provisioned = true;
      return;
    }
    await asSuperuser(server, (client) => client.query('select 1'));
  };
}
