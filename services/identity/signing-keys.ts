import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { SigningKey } from '#contracts/http/identity.ts';
import { newId } from '#kit/ids.ts';

/** Algorithm of every token: small keys, quick to make and to sign with. */
export const signingAlgorithm = 'ES256';

export type StoredKey = {
  kid: string;
  jwk: JWK;
  state: SigningKey['state'];
  createdAt: Date;
  retiresAt: Date | null;
};

export async function generateSigningKey(state: 'active' | 'standby', at: Date): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  const kid = newId();
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: signingAlgorithm, use: 'sig' };
  return { kid, jwk, state, createdAt: at, retiresAt: null };
}

/**
 * The keys after a rotation: standby signs, a fresh standby is published, the key that signed until now retires.
 * Verifiers have seen the standby before it is used, so nobody meets an unknown `kid`. `overlapMs` is how long a
 * retired key stays published: at least the lifetime of a token.
 */
export function rotate(keys: StoredKey[], fresh: StoredKey, at: Date, overlapMs: number): StoredKey[] {
  const published = keys.filter((key) => key.retiresAt === null || key.retiresAt > at);
  const rotated = published.map((key) => advance(key, new Date(at.getTime() + overlapMs)));
  return inSigningOrder([...rotated, { ...fresh, state: 'standby' }]);
}

function advance(key: StoredKey, retiresAt: Date): StoredKey {
  switch (key.state) {
    case 'active':
      return { ...key, state: 'retiring', retiresAt };
    case 'standby':
      return { ...key, state: 'active' };
    case 'retiring':
      return key;
  }
}

/** Active first: the provider signs with the first key that fits. */
export function inSigningOrder(keys: StoredKey[]): StoredKey[] {
  const rank = { active: 0, standby: 1, retiring: 2 };
  return keys.toSorted((a, b) => rank[a.state] - rank[b.state] || b.createdAt.getTime() - a.createdAt.getTime());
}

/** The key as operators may see it. */
export function describeKey(key: StoredKey): SigningKey {
  return {
    kid: key.kid,
    state: key.state,
    createdAt: key.createdAt.toISOString(),
    retiresAt: key.retiresAt?.toISOString() ?? null,
  };
}
