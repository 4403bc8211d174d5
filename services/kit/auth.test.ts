import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ErrorCode, isAppError } from '#contracts/errors.ts';
import { type Authenticator, createAuthenticator, requireRoles } from './auth.ts';
import { testService } from './testing/service.ts';

const issuer = 'http://identity.test';
let jwks: Server;
let auth: Authenticator;
let origin: string;
let keys: CryptoKeyPair;

beforeAll(async () => {
  keys = (await generateKeyPair('RS256')) as CryptoKeyPair;
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  jwks = createServer((_, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] })),
  );
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const address = jwks.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  auth = createAuthenticator(testService({ IDENTITY_URL: origin, IDENTITY_ISSUER: issuer }).service);
});

afterAll(() => {
  jwks.closeAllConnections();
  jwks.close();
});

const claims = { sub: 'u1', client_id: 'shop', roles: ['shopper'], scope: 'orders:read orders:write', jti: 'j' };

function sign(
  changes: Record<string, unknown> = {},
  key: CryptoKey = keys.privateKey,
  expires: string | number = '5m',
) {
  const token = new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).setIssuedAt();
  return token
    .setIssuer(String(changes.iss ?? issuer))
    .setAudience(String(changes.aud ?? 'orrery'))
    .setExpirationTime(expires)
    .sign(key);
}

const codeOf = (authorization: string | undefined, verifier = auth): Promise<ErrorCode | undefined> =>
  verifier.verify(authorization).then(
    () => undefined,
    (error) => (isAppError(error) ? error.code : Promise.reject(error)),
  );

test('a valid token tells who is calling', async () => {
  const token = await sign();
  expect(await auth.verify(`Bearer ${token}`)).toEqual({
    subject: 'u1',
    roles: ['shopper'],
    scopes: ['orders:read', 'orders:write'],
    clientId: 'shop',
    token,
  });
});

test('no token, an expired, forged, foreign or incomplete one is unauthenticated', async () => {
  const stranger = (await generateKeyPair('RS256')) as CryptoKeyPair;
  expect(await codeOf(undefined)).toBe('unauthenticated');
  expect(await codeOf('Basic abc')).toBe('unauthenticated');
  expect(await codeOf('Bearer not.a.token')).toBe('unauthenticated');
  expect(await codeOf(`Bearer ${await sign({}, keys.privateKey, Math.floor(Date.now() / 1000) - 60)}`)).toBe(
    'unauthenticated',
  );
  expect(await codeOf(`Bearer ${await sign({}, stranger.privateKey)}`)).toBe('unauthenticated');
  expect(await codeOf(`Bearer ${await sign({ iss: 'http://evil.example' })}`)).toBe('unauthenticated');
  expect(await codeOf(`Bearer ${await sign({ aud: 'other' })}`)).toBe('unauthenticated');
  expect(await codeOf(`Bearer ${await sign({ roles: ['root'] })}`)).toBe('unauthenticated');
});

test('a token signed with "none" or with the public key as a shared secret is unauthenticated', async () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = encode({ ...claims, iss: issuer, aud: 'orrery', exp: Math.floor(Date.now() / 1000) + 60 });
  expect(await codeOf(`Bearer ${encode({ alg: 'none' })}.${payload}.x`)).toBe('unauthenticated');
  const secret = Buffer.from(JSON.stringify(await exportJWK(keys.publicKey)));
  const confused = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setIssuer(issuer)
    .setAudience('orrery')
    .setExpirationTime('5m')
    .sign(secret);
  expect(await codeOf(`Bearer ${confused}`)).toBe('unauthenticated');
});

test('while identity is down an unknown key is our trouble, not the caller’s', async () => {
  const down = createAuthenticator(
    testService({ IDENTITY_URL: 'http://127.0.0.1:9', IDENTITY_ISSUER: issuer }).service,
  );
  expect(await codeOf(`Bearer ${await sign()}`, down)).toBe('unavailable');
});

test('a caller without the role is forbidden', async () => {
  const principal = await auth.verify(`Bearer ${await sign()}`);
  expect(() => requireRoles(principal, ['operator'])).toThrow(/operator/);
  requireRoles(principal, ['operator', 'shopper']);
});
