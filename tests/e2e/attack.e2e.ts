import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { maxBodyBytes } from '#app/api/_server/security/guard.ts';
import type { Fleet } from '../support/fleet.ts';
import { expect, test } from './fixtures.ts';
import { rawRequest } from './raw-request.ts';
import { launchUrl } from './target.ts';

/*
 * Localhost is not a security boundary: every page that the browser has open can reach these ports. One attack each.
 */
const csrf = { 'x-orrery-csrf': '1', 'content-type': 'application/json' };
const list = '/api/trpc/processes.list';
const restart = JSON.stringify({ name: 'pricing', action: 'restart' });

async function session(fleet: Fleet): Promise<string> {
  const answer = await rawRequest(launchUrl(fleet).href);
  const [cookie] = [answer.headers['set-cookie']].flat();
  if (!cookie) throw new Error(`the launch URL gave no cookie: ${answer.status}`);
  return cookie;
}
const cookieOf = (setCookie: string) => setCookie.split(';')[0] ?? '';

test.describe('the console', () => {
  test('gives its session for the launch token only, to this browser only', async ({ fleet }) => {
    const launch = launchUrl(fleet);
    expect(await session(fleet)).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    launch.searchParams.set('token', 'x'.repeat(43));
    const refused = await rawRequest(launch.href);
    expect(refused.status).toBe(401);
    expect(refused.headers['set-cookie']).toBeUndefined();
  });

  test('refuses a name that was pointed at 127.0.0.1 (DNS rebinding)', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const { origin, port } = launchUrl(fleet);
    for (const host of [`evil.example:${port}`, 'evil.example', `127.0.0.1.evil.example:${port}`, `127.0.0.1:1`]) {
      for (const path of ['/', list, '/health/live']) {
        expect((await rawRequest(origin + path, { headers: { host, cookie } })).status, `${host}${path}`).toBe(421);
      }
    }
  });

  test('refuses another origin, even with the session', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const { origin, port } = launchUrl(fleet);
    const others = [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${Number(port) + 1}`,
      `https://127.0.0.1:${port}`,
    ];
    for (const other of others) {
      const headers = { cookie, origin: other };
      expect((await rawRequest(origin + list, { headers })).status, other).toBe(403);
      const change = { method: 'POST', headers: { ...headers, ...csrf }, body: restart };
      expect((await rawRequest(`${origin}/api/trpc/processes.act`, change)).status, other).toBe(403);
    }
  });

  test('refuses what a browser marks as cross-site, even with the session', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const { origin } = launchUrl(fleet);
    for (const site of ['cross-site', 'same-site']) {
      for (const [mode, dest] of [
        ['no-cors', 'image'],
        ['cors', 'empty'],
        ['navigate', 'iframe'],
      ] as const) {
        const headers = { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest };
        expect((await rawRequest(`${origin}/`, { headers })).status, `${site} ${dest}`).toBe(403);
        expect((await rawRequest(origin + list, { headers })).status, `${site} ${dest}`).toBe(403);
      }
    }
  });

  test('shows nothing without a session, or with a forged one', async ({ fleet }) => {
    const { origin, port } = launchUrl(fleet);
    const forged = [
      '',
      `orrery_session_${port}=`,
      `orrery_session_${port}=${'A'.repeat(43)}`,
      // The launch token itself is not the session.
      `orrery_session_${port}=${launchUrl(fleet).searchParams.get('token')}`,
    ];
    for (const cookie of forged) {
      for (const path of ['/', '/orders', '/logs', list, '/api/trpc/overview.stream', '/_next/static/none.js']) {
        const answer = await rawRequest(origin + path, { headers: cookie ? { cookie } : {} });
        expect(answer.status, `${cookie || 'no cookie'} ${path}`).toBe(401);
        expect(answer.body).not.toContain('pricing');
      }
    }
  });

  test('changes nothing without the CSRF header', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const before = await fleet.process('pricing');
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await rawRequest(`${launchUrl(fleet).origin}/api/trpc/processes.act`, {
        method: 'POST',
        headers: { cookie, 'content-type': type },
        body: restart,
      });
      expect(answer.status, type).toBe(403);
    }
    expect((await fleet.process('pricing')).pid).toBe(before.pid);
  });

  test('refuses a body that is too large, with and without a Content-Length', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const body = JSON.stringify({ name: 'x'.repeat(maxBodyBytes), action: 'kill' });
    for (const chunked of [false, true]) {
      const answer = await rawRequest(`${launchUrl(fleet).origin}/api/trpc/processes.act`, {
        method: 'POST',
        headers: { cookie, ...csrf },
        body,
        chunked,
      });
      expect(answer.status, chunked ? 'chunked' : 'with length').toBe(413);
    }
  });

  test('sends its policy with every answer', async ({ fleet }) => {
    const cookie = cookieOf(await session(fleet));
    const { origin } = launchUrl(fleet);
    for (const path of ['/', '/logs', list, '/no-such-page']) {
      const { headers } = await rawRequest(origin + path, { headers: { cookie } });
      expect(headers['x-frame-options'], path).toBe('DENY');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    }
    const policies = await Promise.all([1, 2].map(() => rawRequest(`${origin}/`, { headers: { cookie } })));
    const nonces = policies.map(
      ({ headers }) => /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1],
    );
    expect(nonces[0]).toBeTruthy();
    expect(nonces[0], 'a nonce is used once').not.toBe(nonces[1]);
    const policy = String(policies[0]?.headers['content-security-policy']);
    expect(policy).not.toContain('unsafe-eval');
    expect(/script-src[^;]*unsafe-inline/.test(policy)).toBe(false);
  });
});

test.describe('a page of another site, in the same browser', () => {
  test.use({ expectedComplaints: [/frame|403|Refused|Failed to load resource|CORS|blocked/i] });

  test('can neither frame the console nor change anything', async ({ page, fleet }) => {
    const { origin } = launchUrl(fleet);
    const before = await fleet.process('pricing');
    const site = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>evil</title><iframe name=target></iframe><iframe id=framed src="${origin}/"></iframe>
        <form method=post enctype=text/plain action="${origin}/api/trpc/processes.act" target=target>
        <input name='{"name":"pricing","action":"kill","x":"' value='"}'></form>
        <img src="${origin}/api/trpc/processes.list">`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    try {
      const framed = page.waitForResponse((response) => response.url() === `${origin}/`);
      const posted = page.waitForResponse((response) => response.url().includes('processes.act'));
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      expect((await framed).status()).toBe(403);
      await page.evaluate(() => document.querySelector('form')?.submit());
      expect((await posted).status()).toBe(403);
      const read = await page.evaluate(
        (url) =>
          fetch(url, { credentials: 'include', headers: { 'x-orrery-csrf': '1' } }).then(
            () => 'read',
            () => 'refused',
          ),
        `${origin}${list}`,
      );
      expect(read).toBe('refused');
      for (const frame of page.frames()) {
        if (frame === page.mainFrame()) continue;
        await expect(frame.getByRole('heading', { name: 'Overview' })).toHaveCount(0);
      }
      expect((await fleet.process('pricing')).pid).toBe(before.pid);
    } finally {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
    }
  });
});

test.describe('the processes behind it', () => {
  test('the control API answers to its token only', async ({ fleet }) => {
    const { control } = fleet.state().endpoints;
    const before = await fleet.process('pricing');
    const tokens = [undefined, 'Bearer ', `Bearer ${'A'.repeat(43)}`, `Bearer ${fleet.secrets().telemetryToken}`];
    for (const authorization of tokens) {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      expect((await rawRequest(`${control}/v1/processes`, { headers })).status, authorization).toBe(401);
      const kill = await rawRequest(`${control}/v1/processes/pricing/kill`, { method: 'POST', headers });
      expect(kill.status, authorization).toBe(401);
    }
    expect((await fleet.process('pricing')).pid).toBe(before.pid);
  });

  test('telemetry is queried with its token only', async ({ fleet }) => {
    const { telemetry } = fleet.state().endpoints;
    for (const authorization of [undefined, `Bearer ${'A'.repeat(43)}`, `Bearer ${fleet.secrets().controlToken}`]) {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (authorization !== undefined) headers.authorization = authorization;
      for (const path of ['/api/stats', '/api/stream/logs', '/api/facets?signal=logs&field=service']) {
        expect((await rawRequest(telemetry + path, { headers })).status, `${authorization} ${path}`).toBe(401);
      }
      const search = { method: 'POST', headers, body: '{}' };
      expect((await rawRequest(`${telemetry}/api/logs/search`, search)).status, authorization).toBe(401);
    }
  });

  test('spans and logs are taken with the OTLP key only', async ({ fleet }) => {
    const { otlpHttp } = fleet.state().endpoints;
    const send = (path: string, key: Record<string, string>) =>
      rawRequest(otlpHttp + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...key },
        body: '{}',
      });
    for (const path of ['/v1/traces', '/v1/logs']) {
      expect((await send(path, {})).status, path).toBe(401);
      expect((await send(path, { 'x-orrery-otlp-key': 'A'.repeat(43) })).status, path).toBe(401);
      expect((await send(path, { 'x-orrery-otlp-key': fleet.secrets().otlpKey })).status, path).toBe(200);
    }
  });

  test('every HTTP server refuses foreign names and origins', async ({ fleet }) => {
    const { control, telemetry, gateway, identity } = fleet.state().endpoints;
    const authorization = `Bearer ${fleet.secrets().controlToken}`;
    for (const url of [`${control}/v1/processes`, `${telemetry}/api/stats`, `${gateway}/orders`, `${identity}/jwks`]) {
      const rebound = await rawRequest(url, { headers: { host: 'evil.example', authorization } });
      expect([400, 403, 421], `${url} by another name: ${rebound.status}`).toContain(rebound.status);
      const foreign = await rawRequest(url, {
        headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', authorization },
      });
      expect(foreign.status, `${url} from another origin`).toBe(403);
      expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
