import pg from 'pg';
import type { Fleet } from './fleet.ts';

export type AskDatabases = <R extends pg.QueryResultRow>(
  database: string,
  sql: string,
  values?: unknown[],
) => Promise<R[]>;

/** Asks any database of the fleet past its service, each time on a connection of its own: Postgres may be restarted. */
export function askDatabases(fleet: Fleet): AskDatabases {
  return async <R extends pg.QueryResultRow>(database: string, sql: string, values: unknown[] = []) => {
    const [host, port] = fleet
      .state()
      .endpoints.postgres.replace(/^\w+:\/\//, '')
      .split(':');
    const client = new pg.Client({
      host: host ?? '127.0.0.1',
      port: Number(port),
      user: 'postgres',
      password: fleet.secrets().postgresSuperuser,
      database,
      connectionTimeoutMillis: 5_000,
    });
    await client.connect();
    try {
      return (await client.query<R>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
}
