import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  AccessTokenClaims,
  type SigningKey,
  shopClient,
  TokenResponse,
  tokenAudience,
} from '#contracts/http/identity.ts';
import { customers } from '#contracts/seed/customers.ts';
import { createVerifier } from '#kit/auth.ts';
import { testService } from '#kit/testing/service.ts';
import { freePort, startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { demoPassword } from './accounts.ts';
import { createBrowser, createPkce } from './browser.builder.ts';
import { startIdentity } from './start.ts';

const machine = { id: 'cli', secret: 'cli-secret-0123456789' };
const redirectUri = 'http://127.0.0.1:49152/callback';
let postgres: TestPostgres;
let databaseUrl: string;
let issuer: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres?.stop(), 30_000);

async function start(): Promise<void> {
  const PORT = Number(new URL(issuer).port);
  const started = testService(
    {
      PORT,
      DATABASE_URL: databaseUrl,
      IDENTITY_ISSUER: issuer,
      IDENTITY_CLIENTS: [machine],
      KEY_ROTATION_HOURS: 24,
    },
    { name: 'identity' },
  );
  stop = started.stop;
  await startIdentity(started.service);
}

beforeEach(async () => {
  databaseUrl = await postgres.createDatabase();
  issuer = `http://127.0.0.1:${await freePort()}`;
  await start();
});
afterEach(() => stop());

async function requestToken(form: Record<string, string>, client: { id: string; secret: string } | null = machine) {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: client === null ? {} : { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function machineToken(form: Record<string, string> = {}): Promise<string> {
  const { body } = await requestToken({ grant_type: 'client_credentials', ...form });
  return TokenResponse.parse(body).access_token;
}

/** Verified as every service verifies it. */
async function verify(token: string) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return createVerifier({ issuer, keys }).verify(`Bearer ${token}`);
}

function authorizeUrl(challenge: string, patch: Record<string, string> = {}): string {
  return `/auth?${new URLSearchParams({
    client_id: shopClient.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid orders:read orders:write',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'state-1',
    ...patch,
  })}`;
}

/** Signs in as a person does and returns the authorization code. */
async function signIn(username: string, challenge: string, browser = createBrowser(issuer)): Promise<string> {
  const page = await browser.follow(await browser.go(authorizeUrl(challenge)));
  const answer = await browser.go(`${page}/login`, { username, password: demoPassword });
  const callback = new URL(await browser.follow(answer));
  expect(callback.href.startsWith(redirectUri)).toBe(true);
  expect(callback.searchParams.get('state')).toBe('state-1');
  return callback.searchParams.get('code') ?? '';
}

function exchange(code: string, verifier: string) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier };
  return requestToken({ ...form, client_id: shopClient.clientId }, null);
}

test('gives a machine client a token that every service accepts', async () => {
  const { status, body } = await requestToken({ grant_type: 'client_credentials' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
  const token = String(body.access_token);
  expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' });
  const claims = AccessTokenClaims.parse(decodeJwt(token));
  expect(claims).toMatchObject({ iss: issuer, sub: 'cli', client_id: 'cli', aud: tokenAudience, roles: ['operator'] });
  expect(claims.exp - claims.iat).toBe(600);
  expect(await verify(token)).toMatchObject({ subject: 'cli', roles: ['operator'] });
});

test('gives the scopes that are asked for and exist', async () => {
  expect((await verify(await machineToken({ scope: 'orders:read orders:write everything' }))).scopes).toEqual([
    'orders:read',
    'orders:write',
  ]);
});

test.each([
  ['a wrong secret', { ...machine, secret: 'wrong' }, {}, 401, 'invalid_client'],
  ['an unknown client', { id: 'mallory', secret: machine.secret }, {}, 401, 'invalid_client'],
  ['a grant that it may not use', machine, { grant_type: 'authorization_code' }, 400, 'invalid_request'],
  ['a grant that does not exist', machine, { grant_type: 'password' }, 400, 'unsupported_grant_type'],
] as const)('refuses %s', async (_, client, form, status, error) => {
  expect(await requestToken({ grant_type: 'client_credentials', ...form }, client)).toMatchObject({
    status,
    body: { error },
  });
});

test.each([
  ['shopper', customers[0]?.id, ['shopper']],
  ['operator', 'operator', ['operator']],
  ['auditor', 'auditor', ['auditor']],
])('signs %s in with a code and PKCE', async (username, subject, roles) => {
  const { verifier, challenge } = createPkce();
  const { status, body } = await exchange(await signIn(username, challenge), verifier);
  expect(status).toBe(200);
  expect(await verify(String(body.access_token))).toMatchObject({
    subject,
    roles,
    clientId: shopClient.clientId,
    scopes: ['orders:read', 'orders:write'],
  });
  expect(decodeJwt(String(body.id_token))).toMatchObject({ sub: subject, roles });
});

test('a code is good for one exchange, and only with its verifier', async () => {
  const { verifier, challenge } = createPkce();
  const code = await signIn('shopper', challenge);
  expect(await exchange(code, createPkce().verifier)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  const second = await signIn('shopper', challenge);
  expect((await exchange(second, verifier)).status).toBe(200);
  expect(await exchange(second, verifier)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('who is signed in is not asked again', async () => {
  const browser = createBrowser(issuer);
  const { challenge } = createPkce();
  await signIn('shopper', challenge, browser);
  const callback = await browser.follow(await browser.go(authorizeUrl(challenge)));
  expect(new URL(callback).searchParams.get('code')).toBeTruthy();
});

test('a wrong password is refused on an accessible page that keeps the chosen user', async () => {
  const browser = createBrowser(issuer);
  const page = await browser.follow(await browser.go(authorizeUrl(createPkce().challenge)));
  const answer = await browser.go(`${page}/login`, { username: 'auditor', password: 'guess' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  // With no-referrer a browser would send `Origin: null` with the form and be refused.
  expect(answer.headers.get('referrer-policy')).toBe('same-origin');
  const html = await answer.text();
  expect(html).toContain('<html lang="en">');
  expect(html).toContain('role="alert"');
  expect(html).toContain('aria-describedby="error hint"');
  expect(html).toMatch(/value="auditor" checked/);
});

test('does not show what a stranger typed as markup', async () => {
  const browser = createBrowser(issuer);
  const page = await browser.follow(await browser.go(authorizeUrl(createPkce().challenge)));
  const answer = await browser.go(`${page}/login`, { username: '"><script>', password: 'x' });
  expect(await answer.text()).not.toContain('<script>');
});

test('whoever cancels goes back with access_denied', async () => {
  const browser = createBrowser(issuer);
  const page = await browser.follow(await browser.go(authorizeUrl(createPkce().challenge)));
  const callback = await browser.follow(await browser.go(`${page}/abort`, {}));
  expect(new URL(callback).searchParams.get('error')).toBe('access_denied');
});

test('a sign-in that another browser began cannot be finished', async () => {
  const page = await (async () => {
    const browser = createBrowser(issuer);
    return browser.follow(await browser.go(authorizeUrl(createPkce().challenge)));
  })();
  const answer = await createBrowser(issuer).go(`${page}/login`, { username: 'operator', password: demoPassword });
  expect(answer.status).toBe(404);
});

test.each([
  ['a redirect to another host', { redirect_uri: 'http://evil.example/callback' }, 'invalid_redirect_uri'],
  ['an unknown client', { client_id: 'mallory' }, 'invalid_client'],
])('shows an error page for %s and redirects nowhere', async (_, patch, error) => {
  const answer = await createBrowser(issuer).go(authorizeUrl(createPkce().challenge, patch));
  expect(answer.status).toBe(400);
  expect(answer.headers.get('location')).toBeNull();
  expect(await answer.text()).toContain(error);
});

test('asks for PKCE', async () => {
  const browser = createBrowser(issuer);
  const url = new URL(authorizeUrl('x'), issuer);
  url.searchParams.delete('code_challenge');
  url.searchParams.delete('code_challenge_method');
  const callback = await browser.follow(await browser.go(url.href));
  expect(new URL(callback).searchParams.get('error')).toBe('invalid_request');
});

test('tokens and sessions outlive a restart', async () => {
  const browser = createBrowser(issuer);
  const { challenge } = createPkce();
  const token = await machineToken();
  await signIn('shopper', challenge, browser);
  await stop();
  await start();
  expect(await verify(token)).toMatchObject({ subject: 'cli' });
  const callback = await browser.follow(await browser.go(authorizeUrl(challenge)));
  expect(new URL(callback).searchParams.get('code')).toBeTruthy();
});

async function keysCall(method: 'GET' | 'POST', path: string, token: string) {
  const response = await fetch(issuer + path, { method, headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as { keys: SigningKey[] } };
}

test('a rotation keeps old tokens valid, and verifiers know the new key before it signs', async () => {
  const known = createRemoteJWKSet(new URL(`${issuer}/jwks`), { cooldownDuration: 600_000 });
  const before = await machineToken();
  await jwtVerify(before, known, { issuer });
  const rotated = await keysCall('POST', '/keys/rotate', before);
  expect(rotated.body.keys.map(({ state }) => state)).toEqual(['active', 'standby', 'retiring']);
  const after = await machineToken();
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  // The same cached key set, which may not be fetched again for ten minutes, checks both.
  await jwtVerify(after, known, { issuer });
  await jwtVerify(before, known, { issuer });
  expect((await keysCall('GET', '/keys', after)).body).toEqual(rotated.body);
});

test('only operators rotate keys', async () => {
  const { verifier, challenge } = createPkce();
  const { body } = await exchange(await signIn('auditor', challenge), verifier);
  const token = String(body.access_token);
  expect((await keysCall('POST', '/keys/rotate', token)).status).toBe(403);
  expect((await keysCall('GET', '/keys', token)).status).toBe(200);
});

test('publishes where everything is, and no private key', async () => {
  const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >;
  expect(discovery).toMatchObject({
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    code_challenge_methods_supported: ['S256'],
    grant_types_supported: ['authorization_code', 'client_credentials'],
  });
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
  expect(keys).toHaveLength(2);
  expect(keys.some((key) => 'd' in key)).toBe(false);
});

test.each([
  ['GET', '/reg'],
  ['GET', '/me'],
  ['POST', '/request'],
  ['GET', '/admin'],
])('%s %s does not exist', async (method, path) => {
  expect((await fetch(issuer + path, { method })).status).toBe(404);
});
