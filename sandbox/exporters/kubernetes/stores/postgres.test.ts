import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { processEnv } from '#sandbox/process-env.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { databasesScript } from './postgres.ts';

/** Nobody but a superuser may create it, as is the case with pgvector in some versions. */
const superuserOnly = 'amcheck';
const psql = spawnSync('psql', ['--version']).status === 0;

/** The script as the image would run it, on a server of our own; needs the client program that the image has. */
test.runIf(psql)(
  'makes a login and a database per file, closed to the others, and stops at the first error',
  async () => {
    const postgres = await startPostgres();
    const folder = mkdtempSync(path.join(tmpdir(), 'orrery-databases-'));
    try {
      const url = new URL(await postgres.createDatabase());
      const script = path.join(folder, '10-databases.sh');
      writeFileSync(script, databasesScript({ orders: [superuserOnly], billing: [] }), { mode: 0o755 });
      const run = (logins: Record<string, string>) => {
        const LOGINS = mkdtempSync(path.join(folder, 'logins-'));
        for (const [name, password] of Object.entries(logins)) writeFileSync(path.join(LOGINS, name), password);
        const { hostname: PGHOST, port: PGPORT } = url;
        const env = { PATH: process.env.PATH ?? '', PGHOST, PGPORT, POSTGRES_USER: 'postgres', LOGINS };
        return spawnSync(script, { encoding: 'utf8', env: processEnv(env) });
      };
      expect(run({ orders: 'it\'s "quoted"\n', billing: 'second' })).toMatchObject({ status: 0, stderr: '' });

      const query = async (user: string, database: string, sql: string) => {
        const client = new pg.Client({ host: url.hostname, port: Number(url.port), user, database });
        await client.connect();
        try {
          return (await client.query(sql)).rows;
        } finally {
          await client.end();
        }
      };
      await query('orders', 'orders', 'create table mine (id integer)');
      await expect(query('billing', 'orders', 'select 1')).rejects.toThrow(/permission denied/);
      await expect(query('billing', 'postgres', 'select 1')).rejects.toThrow(/permission denied/);
      const extensions = "select extname from pg_extension where extname <> 'plpgsql'";
      expect(await query('orders', 'orders', extensions)).toEqual([{ extname: superuserOnly }]);
      expect(await query('billing', 'billing', extensions)).toEqual([]);
      const kept = await query(
        'postgres',
        'postgres',
        `select rolname, rolpassword like 'SCRAM-SHA-256$%' as hashed
      from pg_authid where rolname in ('orders', 'billing') and not rolsuper and not rolcreatedb order by rolname`,
      );
      expect(kept).toEqual(['billing', 'orders'].map((rolname) => ({ rolname, hashed: true })));

      const again = run({ orders: 'third' });
      expect(again.status).not.toBe(0);
      expect(again.stderr).toContain('role "orders" already exists');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await postgres.stop();
    }
  },
  60_000,
);
