import { Client } from 'pg';
import { superuser } from './cluster.ts';

export type Server = { host: string; port: number; password: string };

/** Runs `work` on one superuser connection and closes it. Rejects with the server's error or when 2 s passed without one. */
export async function asSuperuser<T>(
  { host, port, password }: Server,
  work: (client: Client) => Promise<T>,
  database = 'postgres',
): Promise<T> {
  const client = new Client({
    host,
    port,
    user: superuser,
    password,
    database,
    connectionTimeoutMillis: 2_000,
    query_timeout: 30_000,
    application_name: 'orrery-supervisor',
  });
  // A server that dies between two queries is reported by the query; without a listener it would end this process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
