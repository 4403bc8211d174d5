/** A real PostgreSQL for tests: the binaries from npm, a data directory of its own, a port of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { postgresAccount } from '#sandbox/postgres/account.ts';
import { packageDirectory, prepareBinaries } from '#sandbox/postgres/binaries.ts';
import { runTool } from '#sandbox/postgres/run.ts';
import { until } from './until.ts';

export type TestPostgres = {
  /** Connection URL of a new, empty database. */
  createDatabase(): Promise<string>;
  /** `kill -9` of the postmaster, as a crash. */
  kill(): Promise<void>;
  /** Starts the same data directory on the same port again. */
  start(): Promise<void>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
};

export async function startPostgres(): Promise<TestPostgres> {
  const directory = await mkdtemp(path.join(tmpdir(), 'orrery-test-postgres-'));
  const data = path.join(directory, 'data');
  await chmod(directory, 0o711);
  await mkdir(data, { mode: 0o700 });
  const account = await postgresAccount(data);
  if (account !== null) await chown(data, account.uid, account.gid);
  const binaries = await prepareBinaries(packageDirectory(), account, path.join(tmpdir(), 'orrery-test-binaries'));
  const ids = account === null ? {} : { uid: account.uid, gid: account.gid };
  await runTool(
    binaries.initdb,
    ['-D', data, '-U', 'postgres', '--auth', 'trust', '--no-instructions', '--no-sync', '-E', 'UTF8'],
    {
      account,
      cwd: data,
      signal: AbortSignal.timeout(60_000),
    },
  );
  const port = await freePort();
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    await until('postgres answers', async () => {
      // After kill -9 the old backends may still hold the shared memory for a moment: then it exits, and tries again.
      if (server === undefined || server.exitCode !== null) server = launch();
      await withClient(url('postgres'), (client) => client.query('select 1'));
      return true;
    });
  }

  function launch(): ChildProcess {
    const settings = [
      'shared_buffers=32MB',
      'max_connections=60',
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
    ];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    // Not our own environment: it may hold PGDATA and the like. The cast is for Next, which adds to ProcessEnv.
    const env = { LC_ALL: 'C', PATH: process.env.PATH ?? '' } as unknown as NodeJS.ProcessEnv;
    return spawn(binaries.postgres, args, { cwd: data, stdio: 'ignore', env, ...ids });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = server;
    server = undefined;
    if (child === undefined) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    async createDatabase() {
      const name = `t${randomBytes(6).toString('hex')}`;
      await withClient(url('postgres'), (client) => client.query(`create database ${name}`));
      return url(name);
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGINT');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function withClient<T>(connectionString: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
