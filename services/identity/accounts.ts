import { timingSafeEqual } from 'node:crypto';
import type { Role } from '#contracts/http/route.ts';
import { customers } from '#contracts/seed/customers.ts';

/** A person who can sign in. `sub` of a shopper is a customer id of the demo shop. */
export type Account = { sub: string; username: string; name: string; roles: Role[]; purpose: string };

/** Shown on the login page: this is a sandbox on loopback, and the accounts guard nothing. */
export const demoPassword = 'orrery-demo';

const shopper = customers[0] ?? { id: '', name: '' };

export const accounts: readonly Account[] = [
  {
    sub: shopper.id,
    username: 'shopper',
    name: shopper.name,
    roles: ['shopper'],
    purpose: 'orders for herself and sees her own orders',
  },
  {
    sub: 'operator',
    username: 'operator',
    name: 'Operator',
    roles: ['operator'],
    purpose: 'orders for anyone, sees everything, restocks',
  },
  {
    sub: 'auditor',
    username: 'auditor',
    name: 'Auditor',
    roles: ['auditor'],
    purpose: 'sees everything, changes nothing',
  },
];

export function accountOf(sub: string): Account | undefined {
  return accounts.find((account) => account.sub === sub);
}

/** The account behind a name and password, or null. Takes the same time whether the name exists or not. */
export function authenticate(username: string, password: string): Account | null {
  const correct = sameText(password, demoPassword);
  const account = accounts.find((candidate) => candidate.username === username);
  return correct && account !== undefined ? account : null;
}

/** Roles that every machine client acts with: the console and the CLI stand for the person at the machine. */
export const machineRoles: readonly Role[] = ['operator'];

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
