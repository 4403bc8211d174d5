import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import pg from 'pg';
import type { Fleet } from './fleet.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function claims(issuer: string, patch: Record<string, unknown> = {}) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: 'operator',
    aud: 'orrery',
    client_id: 'orrery-cli',
    roles: ['operator'],
    jti: 'x',
    iat: now,
    exp: now + 600,
    ...patch,
  };
}

/** Tokens that look right and were not signed by the issuer. */
export function forgedTokens(issuer: string): { what: string; token: string }[] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const unsigned = `${encode({ alg: 'none', typ: 'at+jwt' })}.${encode(claims(issuer))}.`;
  const head = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'mine' })}.${encode(claims(issuer))}`;
  const symmetric = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(claims(issuer))}`;
  return [
    { what: 'unsigned (alg none)', token: unsigned },
    {
      what: 'signed with a key of our own',
      token: `${head}.${sign('sha256', Buffer.from(head), privateKey).toString('base64url')}`,
    },
    {
      what: 'signed with a shared secret',
      token: `${symmetric}.${createHmac('sha256', 'secret').update(symmetric).digest('base64url')}`,
    },
  ];
}

/** A token that the issuer's own key signed and whose time is over: made with the key from identity's database. */
export async function expiredToken(fleet: Fleet): Promise<string> {
  const { SignJWT, importJWK } = await import('jose');
  const [host, port] = fleet
    .state()
    .endpoints.postgres.replace(/^\w+:\/\//, '')
    .split(':');
  const client = new pg.Client({
    host: host ?? '',
    port: Number(port),
    user: 'postgres',
    password: fleet.secrets().postgresSuperuser,
    database: 'identity',
  });
  await client.connect();
  const { rows } = await client.query<{ jwk: Record<string, string>; kid: string }>(
    "select kid, jwk from signing_key where state = 'active'",
  );
  await client.end();
  const key = rows[0];
  if (!key) throw new Error('identity has no active signing key');
  const alg = key.jwk.alg ?? 'ES256';
  const past = Math.floor(Date.now() / 1000) - 3600;
  return new SignJWT(claims(fleet.state().endpoints.identity, { iat: past - 600, exp: past }))
    .setProtectedHeader({ alg, kid: key.kid, typ: 'at+jwt' })
    .sign(await importJWK(key.jwk, alg));
}
