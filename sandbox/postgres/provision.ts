import { escapeIdentifier, escapeLiteral } from 'pg';
import { asSuperuser, type Server } from './connect.ts';

/** `reads`: databases of others that it may read; null for a login that owns a database of its name. */
export type Login = {
  name: string;
  password: string;
  reads: readonly string[] | null;
  /** What its database must have and only a superuser may add, where the server brings it. */
  extensions?: readonly string[];
};

/**
 * One login and one database of the same name for each service; nobody else may connect to it, but for logins that
 * read: those have no database and no right to change anything. Does nothing that is already done, so it runs at every start, and a new password in secrets.json takes effect.
 */
export async function provision(server: Server, logins: readonly Login[]): Promise<void> {
  await asSuperuser(server, async (client) => {
    const column = async (sql: string) =>
      new Set((await client.query<{ name: string }>(sql)).rows.map((row) => row.name));
    const roles = await column('select rolname as name from pg_roles');
    const databases = await column('select datname as name from pg_database');
    await client.query('revoke connect on database postgres, template1 from public');
    for (const { name, password, reads } of logins) {
      const id = escapeIdentifier(name);
      const verb = roles.has(name) ? 'alter' : 'create';
      await client.query(
        `${verb} role ${id} login nosuperuser nocreatedb nocreaterole password ${escapeLiteral(password)}`,
      );
      if (reads !== null) {
        await client.query(`alter role ${id} set default_transaction_read_only = on`);
        // The predefined role covers tables that are made later, too.
        await client.query(`grant pg_read_all_data to ${id}`);
        continue;
      }
      if (!databases.has(name)) await client.query(`create database ${id} owner ${id}`);
      await client.query(`revoke connect, temporary on database ${id} from public`);
    }
    for (const { name, extensions = [] } of logins) {
      if (extensions.length === 0) continue;
      const list = extensions.map((extension) => `create extension if not exists ${escapeIdentifier(extension)}`);
      await asSuperuser(server, (own) => own.query(list.join('; ')), name);
    }
    for (const { name, reads } of logins) {
      const list = (reads ?? []).map((database) => escapeIdentifier(database)).join(', ');
      if (list !== '') await client.query(`grant connect on database ${list} to ${escapeIdentifier(name)}`);
    }
  });
}
