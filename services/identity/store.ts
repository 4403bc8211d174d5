import { randomBytes } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Database, Queryable } from '#kit/postgres/database.ts';
import { generateSigningKey, inSigningOrder, rotate, type StoredKey } from './signing-keys.ts';

type KeyRow = {
  kid: string;
  jwk: StoredKey['jwk'];
  state: StoredKey['state'];
  created_at: string;
  retires_at: string | null;
};

/** Published signing keys, active first; makes the first two when there are none. Several processes agree on them. */
export async function loadSigningKeys(database: Database, now: Date): Promise<StoredKey[]> {
  return database.transaction(async (tx) => {
    await lockKeys(tx);
    const keys = await readKeys(tx, now);
    if (keys.length > 0) return keys;
    const made = [await generateSigningKey('active', now), await generateSigningKey('standby', now)];
    await writeKeys(tx, made);
    return made;
  });
}

/** Rotates the keys (see `rotate`) and returns what is published from now on. `overlapMs`: life of a token. */
export async function rotateSigningKeys(database: Database, now: Date, overlapMs: number): Promise<StoredKey[]> {
  const fresh = await generateSigningKey('standby', now);
  return database.transaction(async (tx) => {
    await lockKeys(tx);
    const keys = rotate(await readKeys(tx, now), fresh, now, overlapMs);
    await writeKeys(tx, keys);
    return keys;
  });
}

async function lockKeys(tx: Queryable): Promise<void> {
  await tx.query('lock table signing_key in exclusive mode');
}

async function readKeys(tx: Queryable, now: Date): Promise<StoredKey[]> {
  const { rows } = await tx.query<KeyRow>(
    'select kid, jwk, state, created_at, retires_at from signing_key where retires_at is null or retires_at > $1',
    [now],
  );
  return inSigningOrder(
    rows.map((row) => ({
      kid: row.kid,
      jwk: row.jwk,
      state: row.state,
      createdAt: new Date(row.created_at),
      retiresAt: row.retires_at === null ? null : new Date(row.retires_at),
    })),
  );
}

async function writeKeys(tx: Queryable, keys: StoredKey[]): Promise<void> {
  await tx.query('delete from signing_key');
  for (const key of keys) {
    await tx.query('insert into signing_key (kid, jwk, state, created_at, retires_at) values ($1, $2, $3, $4, $5)', [
      key.kid,
      JSON.stringify(key.jwk),
      key.state,
      key.createdAt,
      key.retiresAt,
    ]);
  }
}

/** Secret that signs the provider's cookies; made once. */
export async function loadCookieSecret(database: Database, now: Date): Promise<string> {
  return database.transaction(async (tx) => {
    await tx.query('lock table cookie_secret in exclusive mode');
    const { rows } = await tx.query<{ secret: string }>(
      'select secret from cookie_secret order by created_at desc limit 1',
    );
    if (rows[0] !== undefined) return rows[0].secret;
    const secret = randomBytes(32).toString('base64url');
    await tx.query('insert into cookie_secret (secret, created_at) values ($1, $2)', [secret, now]);
    return secret;
  });
}

/** Storage of one of the provider's models (session, interaction, code, grant) as it wants it. */
export function oidcAdapter(database: Database, model: string): Adapter {
  const findBy = async (column: 'id' | 'uid' | 'user_code', value: string): Promise<AdapterPayload | undefined> => {
    const { rows } = await database.query<{ payload: AdapterPayload; consumed_at: string | null }>(
      `select payload, consumed_at from oidc_record
        where model = $1 and ${column} = $2 and (expires_at is null or expires_at > now())`,
      [model, value],
    );
    const row = rows[0];
    if (row === undefined) return undefined;
    return row.consumed_at === null
      ? row.payload
      : { ...row.payload, consumed: Math.floor(Date.parse(row.consumed_at) / 1000) };
  };
  return {
    find: (id) => findBy('id', id),
    findByUid: (uid) => findBy('uid', uid),
    findByUserCode: (userCode) => findBy('user_code', userCode),
    async upsert(id, payload, expiresIn) {
      await database.query(
        `insert into oidc_record (model, id, payload, grant_id, uid, user_code, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7))
         on conflict (model, id) do update set payload = excluded.payload, grant_id = excluded.grant_id,
           uid = excluded.uid, user_code = excluded.user_code, expires_at = excluded.expires_at`,
        [
          model,
          id,
          JSON.stringify(payload),
          payload.grantId ?? null,
          payload.uid ?? null,
          payload.userCode ?? null,
          expiresIn ?? null,
        ],
      );
    },
    async consume(id) {
      await database.query('update oidc_record set consumed_at = now() where model = $1 and id = $2', [model, id]);
    },
    async destroy(id) {
      await database.query('delete from oidc_record where model = $1 and id = $2', [model, id]);
    },
    async revokeByGrantId(grantId) {
      await database.query('delete from oidc_record where grant_id = $1', [grantId]);
    },
  };
}

/** Deletes what has expired; returns how many records. */
export async function deleteExpired(database: Queryable): Promise<number> {
  const { rowCount } = await database.query('delete from oidc_record where expires_at < now()');
  return rowCount;
}
