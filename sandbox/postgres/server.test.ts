import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { processEnv } from '../process-env.ts';
import { isAlive, startMark } from '../supervisor/process-table.ts';
import { until } from '../supervisor/until.ts';
import { findPlace } from './place.ts';
import { freeDataDirectory } from './postmaster.ts';
import { type PostgresOptions, postgresProbe, preparePostgres } from './server.ts';

let options: PostgresOptions;
let server: ChildProcess | null = null;

beforeAll(async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'orrery-pg-'));
  const logins = [
    ...['orders', 'billing'].map((name) => ({ name, password: `pw'${name}`, reads: null })),
    { name: 'auditor', password: "pw'auditor", reads: ['orders'] },
  ];
  options = { home, port: await freePort(), superuserPassword: 'super', logins };
});
afterEach(async () => {
  if (server?.exitCode === null && server.signalCode === null) {
    server.kill('SIGINT');
    await once(server, 'exit');
  }
  server = null;
});
afterAll(() => rm(options.home, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function start(): Promise<void> {
  const command = await preparePostgres(options, AbortSignal.timeout(30_000));
  server = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: processEnv(command.env),
    stdio: 'ignore',
    detached: true,
    ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
  });
  const probe = postgresProbe(options);
  const ready = await until(
    () =>
      probe().then(
        () => true,
        () => false,
      ),
    { timeoutMs: 15_000, everyMs: 50 },
  );
  expect(ready).toBe(true);
}

async function query<T>(user: string, database: string, sql: string): Promise<T[]> {
  const password = user === 'postgres' ? options.superuserPassword : `pw'${user}`;
  const client = new Client({ host: '127.0.0.1', port: options.port, user, database, password });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

test('the auditor reads every table of the databases it was given, later ones too, and can change nothing', async () => {
  await start();
  await query('orders', 'orders', 'create table later (id int primary key); insert into later values (1)');
  expect(await query('auditor', 'orders', 'select id from later')).toEqual([{ id: 1 }]);
  for (const sql of [
    'insert into later values (2)',
    'delete from later',
    'create table own (id int)',
    'truncate later',
  ]) {
    // Not only the default of the session, which it could change.
    await expect(query('auditor', 'orders', `begin read write; ${sql}`)).rejects.toThrow(
      /permission denied|must be owner/,
    );
    await expect(query('auditor', 'orders', sql)).rejects.toThrow('read-only transaction');
  }
  await expect(query('auditor', 'billing', 'select 1')).rejects.toThrow('permission denied for database "billing"');
});

test('each login owns its database and reaches no other', async () => {
  await start();
  await query('orders', 'orders', 'create table kept (id int primary key); insert into kept values (1)');
  await expect(query('orders', 'billing', 'select 1')).rejects.toThrow('permission denied for database "billing"');
  await expect(query('billing', 'orders', 'select 1')).rejects.toThrow('permission denied for database "orders"');
  await expect(query('orders', 'postgres', 'select 1')).rejects.toThrow('permission denied');
  await expect(query('orders', 'template1', 'select 1')).rejects.toThrow('permission denied');
  const [settings] = await query<Record<string, string>>(
    'postgres',
    'postgres',
    "select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums, current_setting('fsync') as fsync",
  );
  expect(settings).toEqual({ encoding: 'UTF8', checksums: 'on', fsync: 'on' });
});

test('a wrong password is refused: loopback is no reason for trust', async () => {
  await start();
  const client = new Client({
    host: '127.0.0.1',
    port: options.port,
    user: 'orders',
    database: 'orders',
    password: 'x',
  });
  await expect(client.connect()).rejects.toThrow('password authentication failed');
});

test('what was committed survives kill -9 of the server', async () => {
  await start();
  await query('orders', 'orders', 'insert into kept values (2)');
  server?.kill('SIGKILL');
  await start();
  expect(await query('orders', 'orders', 'select id from kept order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a server that outlived its supervisor is shut down before the next', async () => {
  await start();
  const first = server?.pid ?? 0;
  const mark = await startMark(first);
  const { data } = await findPlace(options.home);
  expect(await freeDataDirectory(data)).toEqual({ stopped: first });
  expect(await startMark(first)).not.toBe(mark);
  await start();
});

test('a lock file whose pid belongs to another program by now is cleared, and the program is left alone', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  const { data } = await findPlace(options.home);
  const lock = path.join(data, 'postmaster.pid');
  await writeFile(lock, `${stranger.pid}\n${data}\n1\n${options.port}\n\n127.0.0.1\n\nready\n`);
  expect(await freeDataDirectory(data)).toEqual({ stopped: null });
  await expect(readFile(lock)).rejects.toThrow('ENOENT');
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill('SIGKILL');
});
