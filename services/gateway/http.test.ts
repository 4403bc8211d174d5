import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Problem } from '#contracts/errors.ts';
import { apis } from '#contracts/http/apis.ts';
import { listProducts } from '#contracts/http/catalogue.ts';
import { issuer, sendJson, startGateway, type TestGateway } from './gateway.builder.ts';
import { routes } from './routes.ts';

const orderId = '0193a1de-0000-7000-8000-000000000001';
const customerId = '01900000-0000-7000-8000-000000000001';
const order = { customerId, items: [{ sku: 'LAMP-014', qty: 2 }], payment: { token: 'tok_visa' } };
const key = { 'idempotency-key': 'key-12345678' };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterEach(() => {
  gateway.upstream.seen.length = 0;
  gateway.upstream.answer = (_, response) => sendJson(response, 200, {});
});
afterAll(() => gateway.stop());

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return Problem.parse(await response.json());
}

test('serves what the contract names and nothing else', () => {
  const served = [...routes.map(({ route }) => route), listProducts].map(({ method, path }) => `${method} ${path}`);
  expect(served.toSorted()).toEqual(apis.gateway.routes.map(({ method, path }) => `${method} ${path}`).toSorted());
});

test('forwards an order with its key, token and request id, and gives back the answer', async () => {
  gateway.upstream.answer = (_, response) =>
    sendJson(
      response,
      202,
      { id: orderId },
      { location: `/orders/${orderId}`, server: 'secret', 'x-request-id': 'other' },
    );
  const response = await gateway.call('POST', '/orders', {
    body: order,
    headers: { ...key, 'x-request-id': 'request-1', cookie: 'a=b', connection: 'keep-alive' },
  });
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ id: orderId });
  expect(response.headers.get('location')).toBe(`/orders/${orderId}`);
  expect(response.headers.get('x-request-id')).toBe('request-1');
  expect(response.headers.get('server')).toBeNull();
  const [seen] = gateway.upstream.seen;
  expect(seen).toMatchObject({ method: 'POST', url: '/orders' });
  expect(JSON.parse(seen?.body ?? '')).toEqual(order);
  expect(seen?.headers).toMatchObject({ ...key, 'x-request-id': 'request-1' });
  expect(seen?.headers.authorization).toMatch(/^Bearer /);
  expect(seen?.headers.cookie).toBeUndefined();
});

test('forwards path, query and binary answers', async () => {
  const pdf = Buffer.from('%PDF-1.7 \u0000\u00ff', 'latin1');
  gateway.upstream.answer = (_, response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end(pdf);
  const response = await gateway.call('GET', `/invoices/${orderId}.pdf`);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(pdf);
  await gateway.call('GET', `/orders?status=paid&limit=7&evil=1`);
  expect(gateway.upstream.seen.map(({ url }) => url)).toEqual([
    `/invoices/${orderId}.pdf`,
    '/orders?status=paid&limit=7',
  ]);
});

test.each([
  ['malformed JSON', '{"items":', 400],
  ['an empty body', '', 400],
  ['an array', [], 422],
  ['no items', { ...order, items: [] }, 422],
  ['quantity 0', { ...order, items: [{ sku: 'LAMP-014', qty: 0 }] }, 422],
  ['quantity -1', { ...order, items: [{ sku: 'LAMP-014', qty: -1 }] }, 422],
  ['quantity 1.5', { ...order, items: [{ sku: 'LAMP-014', qty: 1.5 }] }, 422],
  ['quantity 10^9', { ...order, items: [{ sku: 'LAMP-014', qty: 1e9 }] }, 422],
  ['quantity as text', { ...order, items: [{ sku: 'LAMP-014', qty: '1' }] }, 422],
  ['the same SKU twice', { ...order, items: [order.items[0], order.items[0]] }, 422],
  ['an SKU that cannot be one', { ...order, items: [{ sku: "'; drop", qty: 1 }] }, 422],
  ['an unknown card token', { ...order, payment: { token: '4242424242424242' } }, 422],
  ['a field nobody knows', { ...order, discount: 100 }, 422],
  ['no customer', { items: order.items }, 422],
  ['a poisoned prototype', `{"__proto__":{"a":1},"customerId":"${customerId}","items":[]}`, 400],
  ['an oversized body', { ...order, note: 'x'.repeat(70_000) }, 413],
])('refuses an order with %s and asks nobody', async (_, body, status) => {
  const response = await gateway.call('POST', '/orders', { body, headers: key });
  expect(response.status).toBe(status);
  expect((await problemOf(response)).status).toBe(status);
  expect(gateway.upstream.seen).toEqual([]);
});

test('points at the wrong field', async () => {
  const body = { ...order, items: [{ sku: 'LAMP-014', qty: 0 }] };
  const problem = await problemOf(await gateway.call('POST', '/orders', { body, headers: key }));
  expect(problem.errors?.[0]?.path).toBe('/items/0/qty');
});

test.each([
  ['no Idempotency-Key', 'POST', '/orders', { body: order }, 400],
  ['another media type', 'POST', '/orders', { body: 'a=b', headers: { ...key, 'content-type': 'text/plain' } }, 415],
  ['an order id that is none', 'GET', '/orders/1', {}, 400],
  ['a path that climbs', 'GET', '/orders/..%2f..%2fadmin', {}, 400],
  ['a status that is none', 'GET', '/orders?status=lost', {}, 400],
  ['a limit beyond the most', 'GET', '/orders?limit=100000', {}, 400],
  ['an unknown route', 'GET', '/admin', {}, 404],
  ['a foreign Host', 'GET', '/products', { headers: { host: 'evil.example' } }, 403],
  ['a foreign Origin', 'GET', '/products', { headers: { origin: 'http://evil.example' } }, 403],
] as const)('refuses a request with %s', async (what, method, path, options, status) => {
  const headers = 'headers' in options ? options.headers : {};
  // fetch does not let us set Host; node:http does.
  const response =
    what === 'a foreign Host'
      ? await withHost(path, 'evil.example')
      : await gateway.call(method, path, { ...options, headers });
  expect(response.status).toBe(status);
  expect((await problemOf(response)).status).toBe(status);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  expect(gateway.upstream.seen).toEqual([]);
});

async function withHost(path: string, host: string): Promise<Response> {
  const { request } = await import('undici');
  const answer = await request(gateway.url + path, { headers: { host } });
  return new Response(await answer.body.text(), {
    status: answer.statusCode,
    headers: answer.headers as Record<string, string>,
  });
}

test('answers a wrong method with 405 and what is allowed', async () => {
  const response = await gateway.call('DELETE', '/orders');
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe('GET, POST');
  await problemOf(response);
});

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const badTokens: [string, () => Promise<string | null>][] = [
  ['no token', async () => null],
  ['something that is no token', async () => 'abc'],
  ['an expired token', () => gateway.token({ exp: Math.floor(Date.now() / 1000) - 60 })],
  ['a token for somebody else', () => gateway.token({ aud: 'another-api' })],
  ['a token of another issuer', () => gateway.token({ iss: 'http://evil.example' })],
  ['a token without roles', () => gateway.token({ roles: [] })],
  ['an unsigned token (alg none)', async () => `${encode({ alg: 'none' })}.${encode(claims())}.`],
  ['a token signed with another key', async () => forge((await generateKeyPair('ES256')).privateKey)],
  [
    'a token signed with a shared secret (HS256)',
    async () => {
      const head = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims())}`;
      return `${head}.${createHmac('sha256', 'secret').update(head).digest('base64url')}`;
    },
  ],
  [
    'a token whose claims were changed',
    async () =>
      (await gateway.token())
        .split('.')
        .with(1, encode({ ...claims(), sub: 'somebody' }))
        .join('.'),
  ],
];

test.each(badTokens)('refuses %s with 401', async (_, makeToken) => {
  const response = await gateway.call('POST', '/orders', { body: order, headers: key, token: await makeToken() });
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toContain('Bearer');
  await problemOf(response);
  expect(gateway.upstream.seen).toEqual([]);
});

function claims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: 'operator',
    aud: 'orrery',
    client_id: 'x',
    roles: ['operator'],
    jti: 'j',
    iat: now,
    exp: now + 600,
  };
}

function forge(signingKey: Parameters<SignJWT['sign']>[0]): Promise<string> {
  return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(signingKey);
}

test('keeps a shopper from what only operators may do', async () => {
  const token = await gateway.token({ roles: ['shopper'], sub: customerId });
  const restock = await gateway.call('POST', '/stock/LAMP-014/restock', {
    body: { qty: 5, reason: 'delivery' },
    token,
  });
  expect(restock.status).toBe(403);
  expect((await gateway.call('GET', '/stats', { token })).status).toBe(403);
  expect((await gateway.call('GET', '/orders', { token })).status).toBe(200);
});

test('passes on a problem of the owner of the data', async () => {
  const problem = {
    type: '/problems/unprocessable',
    title: 'x',
    status: 422,
    code: 'unprocessable',
    detail: 'SKU NOPE-1 is unknown',
    errors: [{ path: '/items/0/sku', message: 'unknown' }],
  };
  gateway.upstream.answer = (_, response) =>
    sendJson(response, 422, problem, { 'content-type': 'application/problem+json' });
  const response = await gateway.call('POST', '/orders', { body: order, headers: key });
  expect(response.status).toBe(422);
  expect(await problemOf(response)).toMatchObject({
    code: 'unprocessable',
    detail: 'SKU NOPE-1 is unknown',
    errors: problem.errors,
    instance: '/orders',
  });
});

test.each([500, 502, 404, 418])('turns a bare %i of an upstream into a 502 that tells nothing', async (status) => {
  gateway.upstream.answer = (_, response) => response.writeHead(status).end('stack trace at 10.0.0.7:5432');
  const response = await gateway.call('GET', `/orders/${orderId}`);
  expect(response.status).toBe(502);
  expect(JSON.stringify(await problemOf(response))).not.toContain('10.0.0.7');
});

const alive = (request: { url: string }, response: ServerResponse): boolean => {
  if (request.url !== '/health/live') return false;
  sendJson(response, 200, {});
  return true;
};
const askedFor = (path: string) => gateway.upstream.seen.filter(({ url }) => url.startsWith(path));

test('answers 502 when the upstream breaks off though it lives, and asks again only where that is safe', async () => {
  gateway.upstream.answer = (request, response) => {
    if (!alive(request, response)) response.destroy();
  };
  expect((await gateway.call('GET', `/orders/${orderId}`)).status).toBe(502);
  expect(askedFor('/orders')).toHaveLength(3);
  const body = { qty: 5, reason: 'delivery' };
  expect((await gateway.call('POST', '/stock/LAMP-014/restock', { body })).status).toBe(502);
  expect(askedFor('/stock')).toHaveLength(1);
});

test('an answer that breaks off is a 502 and not half an answer', async () => {
  gateway.upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"id":', () => response.destroy());
  };
  const response = await gateway.call('GET', `/orders/${orderId}`);
  expect(response.status).toBe(502);
  expect((await problemOf(response)).detail).toBe('orders broke off its answer');
});

test('a request that may be repeated waits while its upstream restarts: it drains, is gone, and is back', async () => {
  let phase = 0;
  gateway.upstream.answer = (request, response) => {
    phase += 1;
    if (phase === 1) sendJson(response, 503, { error: 'Service Unavailable' }, { connection: 'close' });
    else if (phase < 4) response.destroy();
    else if (!alive(request, response)) sendJson(response, 200, { id: orderId });
  };
  const response = await gateway.call('POST', '/orders', { body: order, headers: key });
  expect(response.status).toBe(200);
  expect(askedFor('/orders')).toHaveLength(2);
});

test('with the wait switched off it is refused at once', async () => {
  gateway.upstream.answer = (request, response) => {
    if (!alive(request, response)) response.destroy();
  };
  await gateway.patterns.set('graceful-drain', false);
  expect((await gateway.call('POST', '/orders', { body: order, headers: key })).status).toBe(502);
  expect(askedFor('/orders')).toHaveLength(1);
  await gateway.patterns.set('graceful-drain', true);
});

test('answers 504 when the upstream does not answer in time', async () => {
  gateway.upstream.answer = () => {};
  const response = await gateway.call('GET', `/orders/${orderId}`);
  expect(response.status).toBe(504);
  expect((await problemOf(response)).detail).toBe('orders did not answer within 2000 ms');
});

test('answers 503 with Retry-After when nobody is there', async () => {
  const lonely = await startGateway({ baseUrl: 'http://127.0.0.1:9' });
  const response = await lonely.call('GET', `/orders/${orderId}`);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(JSON.stringify(await problemOf(response))).not.toContain('127.0.0.1');
  await lonely.stop();
});

test('tells the upstream when the caller goes away', async () => {
  const closed = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  gateway.upstream.answer = (_, response) => {
    response.on('close', () => closed.resolve());
    asked.resolve();
  };
  const leaving = new AbortController();
  const call = fetch(`${gateway.url}/orders/${orderId}`, {
    headers: { authorization: `Bearer ${await gateway.token()}` },
    signal: leaving.signal,
  });
  await asked.promise;
  leaving.abort();
  await expect(call).rejects.toThrow();
  await closed.promise;
});

test('passes an event stream on as it flows, and ends it when the reader leaves', async () => {
  const closed = Promise.withResolvers<void>();
  gateway.upstream.answer = (seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`id: 8\nevent: order\ndata: "${seen.headers['last-event-id']}"\n\n`);
    response.on('close', () => closed.resolve());
  };
  const leaving = new AbortController();
  const response = await fetch(`${gateway.url}/stream`, {
    headers: { authorization: `Bearer ${await gateway.token()}`, 'last-event-id': '7' },
    signal: leaving.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const { value } = (await response.body?.getReader().read()) ?? {};
  expect(new TextDecoder().decode(value)).toContain('data: "7"');
  leaving.abort();
  await closed.promise;
});

test('ends open streams when the process stops, so that readers go elsewhere', async () => {
  const stopping = await startGateway();
  stopping.upstream.answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
  };
  const response = await stopping.call('GET', '/stream');
  const reader = response.body?.getReader();
  await reader?.read();
  const ended = reader?.read().then(
    ({ done }) => done,
    () => true,
  );
  await stopping.stop();
  expect(await ended).toBe(true);
});

test('limits each subject by a token bucket and says when to come back', async () => {
  const strict = await startGateway({
    limits: { shopper: { ratePerSecond: 1, burst: 2 }, anonymous: { ratePerSecond: 1, burst: 1 } },
  });
  const token = await strict.token({ roles: ['shopper'], sub: customerId });
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await strict.call('GET', '/orders', { token })).status);
  expect(statuses).toEqual([200, 200, 429, 429]);
  const refused = await strict.call('GET', '/orders', { token });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('ratelimit-policy')).toBe('"shopper";q=2;w=2');
  expect(refused.headers.get('ratelimit')).toBe('"shopper";r=0;t=1');
  expect((await problemOf(refused)).code).toBe('rate_limited');
  expect((await strict.call('GET', '/orders')).status).toBe(200);
  expect((await strict.call('GET', '/orders', { token: 'a.b.c' })).status).toBe(401);
  expect((await strict.call('GET', '/orders', { token: 'a.b.c' })).status).toBe(429);
  await strict.stop();
});

const stock = {
  sku: 'LAMP-014',
  name: 'Lamp',
  description: 'd',
  category: 'lighting',
  onHand: 3,
  reserved: 1,
  available: 2,
};

test('composes products of stock and price, and goes without prices when pricing fails', async () => {
  const price = { sku: 'LAMP-014', price: { amountMinor: 1999, currency: 'EUR' }, version: 1 };
  gateway.upstream.answer = (seen, response) =>
    seen.url.startsWith('/stock')
      ? sendJson(response, 200, { items: [stock] })
      : sendJson(response, 200, { items: [price] });
  const products = await gateway.call('GET', '/products?category=lighting', { token: null });
  expect(await products.json()).toEqual({ items: [{ ...stock, price: price.price }] });
  gateway.upstream.answer = (seen, response) =>
    seen.url.startsWith('/stock') ? sendJson(response, 200, { items: [stock] }) : response.destroy();
  expect(await (await gateway.call('GET', '/products', { token: null })).json()).toEqual({
    items: [{ ...stock, price: null }],
  });
});

test('serves its own OpenAPI document', async () => {
  const document = (await (await gateway.call('GET', '/openapi.json', { token: null })).json()) as { paths: object };
  expect(Object.keys(document.paths)).toContain('/orders/{id}/timeline');
});
