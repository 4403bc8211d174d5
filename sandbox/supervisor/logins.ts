import type { Fleet } from '../fleet.ts';
import type { Login } from '../postgres/provision.ts';
import { readOnlyLogins } from '../topology.ts';
import type { Secrets } from './secrets.ts';

/** Names of all database logins: one per service with a database, and those that only read. */
export function loginNames(fleet: Fleet): string[] {
  return [...fleet.processes.flatMap((process) => process.database ?? []), ...readOnlyLogins.map(({ name }) => name)];
}

/** The logins to provision, with their passwords. */
export function loginsOf(secrets: Secrets): Login[] {
  return Object.entries(secrets.logins).map(([name, password]) => {
    const reader = readOnlyLogins.find((login) => login.name === name);
    return { name, password, reads: reader?.reads ?? null };
  });
}
