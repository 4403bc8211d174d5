import { escapeIdentifier, escapeLiteral } from 'pg';
import { asSuperuser, type Server } from './connect.ts';

export type Login = { name: string; password: string };

/**
 * One login and one database of the same name for each service; nobody else may connect to it. Does nothing that is
 * already done, so it runs at every start, and a new password in secrets.json takes effect.
 */
export async function provision(server: Server, logins: readonly Login[]): Promise<void> {
  await asSuperuser(server, async (client) => {
    const column = async (sql: string) =>
      new Set((await client.query<{ name: string }>(sql)).rows.map((row) => row.name));
    const roles = await column('select rolname as name from pg_roles');
    const databases = await column('select datname as name from pg_database');
    await client.query('revoke connect on database postgres, template1 from public');
    for (const { name, password } of logins) {
      const id = escapeIdentifier(name);
      const verb = roles.has(name) ? 'alter' : 'create';
      await client.query(
        `${verb} role ${id} login nosuperuser nocreatedb nocreaterole password ${escapeLiteral(password)}`,
      );
      if (!databases.has(name)) await client.query(`create database ${id} owner ${id}`);
      await client.query(`revoke connect, temporary on database ${id} from public`);
    }
  });
}
