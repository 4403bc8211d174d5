import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAppError } from '#contracts/errors.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import { testService } from '../testing/service.ts';
import { createDatabase, type Database, openDatabase } from './database.ts';
import { isUniqueViolation } from './errors.ts';

let postgres: TestPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  database = createDatabase({ url: await postgres.createDatabase(), applicationName: 'test' });
  await database.query('create table t (id int primary key, n bigint, at timestamptz)');
});

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

test('bigints arrive as numbers and times as UTC instants', async () => {
  const { rows } = await database.query('select 42::bigint as n, $1::timestamptz as at', [
    '2026-01-02T03:04:05.678+01:00',
  ]);
  expect(rows).toEqual([{ n: 42, at: '2026-01-02T02:04:05.678Z' }]);
});

test('a transaction that throws leaves nothing behind and runs no hook', async () => {
  let hooked = 0;
  const failing = database.transaction(async (tx) => {
    await tx.query('insert into t (id) values (1)');
    tx.onCommit(() => hooked++);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await database.query('select 1 from t where id = 1')).rowCount).toBe(0);
  expect(hooked).toBe(0);
});

test('a connection that breaks before the answer to its commit leaves that in doubt', async () => {
  const told: string[] = [];
  const broken = database.transaction(async (tx) => {
    tx.onCommit(() => told.push('committed'));
    tx.onDoubt(() => told.push('in doubt'));
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await database.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
  });
  await expect(broken).rejects.toMatchObject({ code: 'unavailable' });
  expect(told).toEqual(['in doubt']);
});

test('a committed transaction wakes those who listen to its topic, once', async () => {
  let woken = 0;
  const stop = database.listen('outbox', () => woken++);
  await database.transaction(async (tx) => {
    await tx.query('insert into t (id) values (2)');
    tx.wakeOnCommit('outbox');
    tx.wakeOnCommit('outbox');
    expect(woken).toBe(0);
  });
  stop();
  expect(woken).toBe(1);
});

test('a failing statement is reported as itself, and the connection stays usable', async () => {
  await database.query('insert into t (id) values (3)');
  const error = await database.transaction((tx) => tx.query('insert into t (id) values (3)')).catch((caught) => caught);
  expect(isUniqueViolation(error)).toBe(true);
  await database.ping();
});

test('a transaction without statements and one whose first statement fails both end cleanly', async () => {
  await database.transaction(async () => {});
  await expect(database.transaction((tx) => tx.query('select nonsense'))).rejects.toThrow('nonsense');
  const { rows } = await database.query<{ state: string }>(
    "select state from pg_stat_activity where application_name = 'test' and state like 'idle in%'",
  );
  expect(rows).toEqual([]);
});

test('deferred statements run before the commit, in order, and a failing one rolls everything back', async () => {
  await database.transaction(async (tx) => {
    tx.defer('insert into t (id, n) select 20, count(*) from t where id = $1', [21]);
    await tx.query('insert into t (id) values (21)');
  });
  expect((await database.query('select n from t where id = 20')).rows).toEqual([{ n: 1 }]);
  let hooked = 0;
  const failing = database.transaction(async (tx) => {
    tx.onCommit(() => hooked++);
    tx.defer('insert into t (id) values ($1)', [20]);
    tx.defer('insert into t (id) values ($1)', [22]);
    await tx.query('insert into t (id) values (23)');
  });
  await expect(failing).rejects.toMatchObject({ code: '23505' });
  expect((await database.query('select id from t where id in (22, 23)')).rows).toEqual([]);
  expect(hooked).toBe(0);
});

test('a transaction whose failed statement was swallowed does not pass as committed', async () => {
  const swallowing = database.transaction(async (tx) => {
    await tx.query('insert into t (id) values (30)');
    await tx.query('insert into t (id) values (30)').catch(() => {});
  });
  await expect(swallowing).rejects.toMatchObject({ code: 'internal' });
  expect((await database.query('select 1 from t where id = 30')).rowCount).toBe(0);
});

test('a transaction that lost a race is run again', async () => {
  await database.query('insert into t (id, n) values (10, 0) on conflict do nothing');
  const increment = () =>
    database.transaction(
      async (tx) => {
        const { rows } = await tx.query<{ n: number }>('select n from t where id = 10');
        await tx.query('update t set n = $1 where id = 10', [(rows[0]?.n ?? 0) + 1]);
      },
      { isolation: 'serializable', retries: 20 },
    );
  await Promise.all([increment(), increment(), increment(), increment()]);
  expect((await database.query('select n from t where id = 10')).rows).toEqual([{ n: 4 }]);
});

test('while Postgres is down queries fail as unavailable, and work again when it is back', async () => {
  await database.ping();
  await postgres.kill();
  // A backend may answer for a moment longer than its postmaster lives.
  const error = await until('a query fails', () =>
    database.ping().then(
      () => null,
      (caught: unknown) => caught,
    ),
  );
  expect(isAppError(error, 'unavailable'), String(error)).toBe(true);
  const during = await database.transaction((tx) => tx.query('select 1')).catch((caught) => caught);
  expect(isAppError(during, 'unavailable'), String(during)).toBe(true);
  await postgres.start();
  await until('database answers again', async () => {
    await database.ping();
    return true;
  });
});

test('an abandoned transaction leaves nothing behind and runs no hook', async () => {
  let hooked = 0;
  const result = await database.transaction(async (tx) => {
    tx.onCommit(() => hooked++);
    await tx.query('insert into t (id) values (40)');
    tx.defer('insert into t (id) values (41)', []);
    tx.abandon();
    return 'given up';
  });
  expect(result).toBe('given up');
  expect((await database.query('select 1 from t where id in (40, 41)')).rowCount).toBe(0);
  expect(hooked).toBe(0);
});

test('a folder that is named after an extension is applied where the database has it, after the others', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-migrations-'));
  try {
    const put = (file: string, sql: string) => {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), sql);
    };
    put('001-first.sql', 'create table first (id int)');
    // Every database has this one.
    put('plpgsql/001-second.sql', 'alter table first add column second int');
    put('vector/001-third.sql', 'create table third (id int)');
    const { service, stop } = testService({ DATABASE_URL: await postgres.createDatabase() }, { name: 'some' });
    const db = await openDatabase(service, { migrations: pathToFileURL(`${folder}/`) });
    const { rows } = await db.query("select source, name from migrations where source <> 'kit' order by source");
    expect(rows).toEqual([
      { source: 'some', name: '001-first.sql' },
      { source: 'some/plpgsql', name: '001-second.sql' },
    ]);
    await stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
