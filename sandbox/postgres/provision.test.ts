import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from '#tests/support/postgres.ts';
import { provision } from './provision.ts';

test('what only a superuser may add to a database is there, twice too, and where it was asked for', async () => {
  const postgres = await startPostgres();
  try {
    const { hostname: host, port } = new URL(await postgres.createDatabase());
    const logins = [
      { name: 'inference', password: 'one', reads: null, extensions: ['amcheck'] },
      { name: 'orders', password: 'two', reads: null },
    ];
    const server = { host, port: Number(port), password: '' };
    await provision(server, logins);
    await provision(server, logins);
    const extensions = async (name: string) => {
      const client = new pg.Client({ host, port: Number(port), user: name, database: name });
      await client.connect();
      const { rows } = await client.query('select extname from pg_extension order by extname');
      await client.end();
      return rows.map(({ extname }) => extname);
    };
    expect(await extensions('inference')).toEqual(['amcheck', 'plpgsql']);
    expect(await extensions('orders')).toEqual(['plpgsql']);
    const missing = [{ name: 'inference', password: 'one', reads: null, extensions: ['nowhere'] }];
    await expect(provision(server, missing)).rejects.toThrow(/nowhere/);
  } finally {
    await postgres.stop();
  }
}, 60_000);
