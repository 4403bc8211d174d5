import type { JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose';
import type Provider from 'oidc-provider';
import type { Database } from '#kit/postgres/database.ts';
import type { StoredKey } from './signing-keys.ts';
import { loadSigningKeys, rotateSigningKeys } from './store.ts';

/** The provider with the keys in force. Keys are fixed when a provider is made, so a rotation makes a new one. */
export type KeyRing = {
  provider(): Provider;
  keys(): readonly StoredKey[];
  /** Verifies this process's own tokens without asking itself over HTTP. */
  verificationKeys: JWTVerifyGetKey;
  /** Promotes the standby key. Sessions and codes live in the database and are not touched. */
  rotate(): Promise<readonly StoredKey[]>;
};

export type KeyRingOptions = {
  database: Database;
  makeProvider: (keys: StoredKey[]) => Provider;
  now: () => Date;
  /** How long a retired key stays published, milliseconds. */
  overlapMs: number;
};

export async function openKeyRing({ database, makeProvider, now, overlapMs }: KeyRingOptions): Promise<KeyRing> {
  const inForce = (keys: StoredKey[]) => ({
    keys,
    provider: makeProvider(keys),
    verify: createLocalJWKSet({ keys: keys.map(({ jwk: { d, ...publicPart } }) => ({ kty: 'EC', ...publicPart })) }),
  });
  let current = inForce(await loadSigningKeys(database, now()));
  return {
    provider: () => current.provider,
    keys: () => current.keys,
    verificationKeys: (header, token) => current.verify(header, token),
    async rotate() {
      current = inForce(await rotateSigningKeys(database, now(), overlapMs));
      return current.keys;
    },
  };
}
