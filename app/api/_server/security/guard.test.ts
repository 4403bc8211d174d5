import { expect, test } from 'vitest';
import { contentSecurityPolicy } from './csp.ts';
import { type GuardedRequest, guard, maxBodyBytes } from './guard.ts';
import { sessionCookie, sessionValue } from './session.ts';

const config = { port: 3000, launchToken: 'launch-token-0123456789' };

const page: GuardedRequest = {
  method: 'GET',
  path: '/orders',
  search: '',
  host: '127.0.0.1:3000',
  origin: null,
  secFetchSite: 'same-origin',
  secFetchMode: 'navigate',
  secFetchDest: 'document',
  session: sessionValue(config.launchToken),
  csrf: null,
  contentLength: null,
};
const mutation: GuardedRequest = {
  ...page,
  method: 'POST',
  path: '/api/trpc/processes.act',
  origin: 'http://127.0.0.1:3000',
  secFetchMode: 'cors',
  secFetchDest: 'empty',
  csrf: '1',
  contentLength: '64',
};

test('our own page and our own mutation pass', () => {
  expect(guard(page, config)).toEqual({ kind: 'pass' });
  expect(guard(mutation, config)).toEqual({ kind: 'pass' });
  expect(guard({ ...page, host: 'localhost:3000' }, config)).toEqual({ kind: 'pass' });
});

test.each(['attacker.example:3000', '127.0.0.1', '127.0.0.1:3001', 'localhost.attacker.example:3000', '', null])(
  'attack: DNS rebinding with host %s is refused, also for health and files',
  (host) => {
    for (const path of ['/orders', '/health/live', '/_next/static/chunks/main.js']) {
      expect(guard({ ...page, host, path }, config)).toMatchObject({ kind: 'refuse', status: 421 });
    }
  },
);

test('attack: a form of another site that posts to us is refused', () => {
  const form = { ...mutation, origin: 'https://attacker.example', secFetchSite: 'cross-site', csrf: null };
  expect(guard(form, config)).toMatchObject({ kind: 'refuse', status: 403 });
});

test('attack: a page on another port of this machine is same-site, yet refused', () => {
  const other = { ...mutation, origin: 'http://127.0.0.1:8080', secFetchSite: 'same-site' };
  expect(guard(other, config)).toMatchObject({ kind: 'refuse', status: 403 });
  expect(guard({ ...other, origin: null }, config)).toMatchObject({ kind: 'refuse', status: 403 });
  expect(guard({ ...other, method: 'GET', origin: null }, config)).toMatchObject({ kind: 'refuse', status: 403 });
});

test('attack: an old browser without Sec-Fetch headers is judged by Origin', () => {
  const old = { ...mutation, secFetchSite: null, secFetchMode: null, secFetchDest: null };
  expect(guard(old, config)).toEqual({ kind: 'pass' });
  expect(guard({ ...old, origin: 'null' }, config)).toMatchObject({ kind: 'refuse', status: 403 });
});

test('attack: embedding a page or an API answer from elsewhere is refused', () => {
  const frame = { ...page, secFetchSite: 'cross-site', secFetchDest: 'iframe' };
  expect(guard(frame, config)).toMatchObject({ kind: 'refuse', status: 403 });
  const api = { ...page, path: '/api/trpc/processes.list', secFetchSite: 'cross-site' };
  expect(guard(api, config)).toMatchObject({ kind: 'refuse', status: 403 });
});

test('attack: no cookie, a wrong cookie and the launch token as cookie open nothing', () => {
  for (const session of [null, 'x', config.launchToken, sessionValue('another launch')]) {
    expect(guard({ ...page, session }, config)).toEqual({ kind: 'unauthenticated' });
    expect(guard({ ...mutation, session }, config)).toEqual({ kind: 'unauthenticated' });
    expect(guard({ ...page, path: '/_next/static/a.js', session }, config)).toEqual({ kind: 'unauthenticated' });
  }
});

test('attack: a mutation without the CSRF header is refused even with a valid cookie', () => {
  expect(guard({ ...mutation, csrf: null }, config)).toMatchObject({ kind: 'refuse', status: 403 });
});

test('attack: an oversized or nonsensical body length is refused before it is read', () => {
  expect(guard({ ...mutation, contentLength: String(maxBodyBytes + 1) }, config)).toMatchObject({ status: 413 });
  expect(guard({ ...mutation, contentLength: '-1' }, config)).toMatchObject({ status: 400 });
  expect(guard({ ...mutation, contentLength: 'many' }, config)).toMatchObject({ status: 400 });
});

test('the launch token becomes a cookie and leaves the address', () => {
  const launch = {
    ...page,
    path: '/',
    search: `?token=${config.launchToken}&x=1`,
    session: null,
    secFetchSite: 'none',
  };
  expect(guard(launch, config)).toEqual({ kind: 'exchange', location: '/?x=1', crossSite: false });
  expect(guard({ ...launch, search: '?token=wrong' }, config)).toEqual({ kind: 'unauthenticated' });
  const cookie = sessionCookie(config.launchToken, 3000);
  expect(cookie).toContain('HttpOnly; SameSite=Strict');
  expect(cookie).not.toContain(config.launchToken);
});

test('attack: the launch token cannot be used to redirect elsewhere', () => {
  const launch = { ...page, path: '//attacker.example', search: `?token=${config.launchToken}`, session: null };
  expect(guard(launch, config)).toMatchObject({ location: '/attacker.example' });
});

test('a link from another site loads once more from our own page, where the strict cookie is sent', () => {
  const link = { ...page, secFetchSite: 'cross-site', session: null };
  expect(guard(link, config)).toEqual({ kind: 'reload', location: '/orders' });
});

test('health needs no cookie', () => {
  expect(guard({ ...page, path: '/health/ready', session: null, secFetchSite: null }, config)).toEqual({
    kind: 'pass',
  });
});

test('the policy of a page allows no inline script without the nonce', () => {
  const policy = contentSecurityPolicy('n0nce', false);
  expect(policy).toContain("script-src 'self' 'nonce-n0nce' 'strict-dynamic';");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(policy).not.toMatch(/style-src-elem[^;]*unsafe/);
});
