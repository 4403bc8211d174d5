import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { customers } from '#contracts/seed/customers.ts';
import { expiredToken, forgedTokens } from '../support/forged-tokens.ts';
import { basket } from '../support/shop.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop } = await onFleet();
const customerId = customers[1]?.id;
const key = () => ({ 'idempotency-key': randomUUID() });
const order = (patch: Record<string, unknown>) => ({ body: { customerId, items: basket, ...patch }, headers: key() });
const items = (qty: unknown, sku: unknown = 'LAMP-001') => order({ items: [{ sku, qty }] });

describe('the gateway answers what is wrong as a problem document', () => {
  test.each([
    ['malformed JSON', 'POST', '/orders', { body: '{"customerId":', headers: key() }, 400],
    [
      'a body that is no JSON',
      'POST',
      '/orders',
      { body: 'hello', headers: { ...key(), 'content-type': 'text/plain' } },
      415,
    ],
    ['no idempotency key', 'POST', '/orders', { body: { customerId, items: basket } }, 400],
    ['an unknown SKU', 'POST', '/orders', items(1, 'NOPE-999'), 422],
    ['quantity 0', 'POST', '/orders', items(0), 422],
    ['quantity −1', 'POST', '/orders', items(-1), 422],
    ['quantity 1.5', 'POST', '/orders', items(1.5), 422],
    ['quantity 10⁹', 'POST', '/orders', items(1e9), 422],
    ['a quantity in words', 'POST', '/orders', items('three'), 422],
    ['no items', 'POST', '/orders', order({ items: [] }), 422],
    ['the same SKU twice', 'POST', '/orders', order({ items: [...basket, ...basket] }), 422],
    ['a field nobody asked for', 'POST', '/orders', order({ discount: 100 }), 422],
    ['a customer that is no id', 'POST', '/orders', order({ customerId: 'me' }), 422],
    [
      'an oversized body',
      'POST',
      '/orders',
      { body: `{"customerId":"${'x'.repeat(3_000_000)}"}`, headers: key() },
      413,
    ],
    ['an unknown route', 'GET', '/orderz', {}, 404],
    ['a wrong method', 'DELETE', '/orders', {}, 405],
    ['an order that is no id', 'GET', '/orders/42', {}, 400],
    ['an order that does not exist', 'GET', `/orders/${randomUUID()}`, {}, 404],
    ['a page of −5', 'GET', '/orders?limit=-5', {}, 400],
    ['no token', 'POST', '/orders', { ...order({}), headers: { ...key(), authorization: '' } }, 401],
    [
      'a token of another kind',
      'POST',
      '/orders',
      { ...order({}), headers: { ...key(), authorization: 'Basic Y2xpOmNsaQ==' } },
      401,
    ],
    [
      'a token that is rubbish',
      'POST',
      '/orders',
      { ...order({}), headers: { ...key(), authorization: 'Bearer a.b.c' } },
      401,
    ],
  ] as const)('%s', async (_what, method, path, options, status) => {
    const answer = await shop.request(method, path, options);
    expect({ status: answer.status, detail: answer.body.detail }).toEqual({ status, detail: expect.any(String) });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
    if (status === 405) expect(answer.headers.get('allow')).toContain('POST');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('names the field that is wrong', async () => {
    const { body } = await shop.request('POST', '/orders', items(0));
    expect(body.errors).toEqual([expect.objectContaining({ path: '/items/0/qty' })]);
  });

  test.each(forgedTokens(fleet.state().endpoints.identity))('a token that is $what', async ({ token }) => {
    const answer = await shop.request('POST', '/orders', {
      ...order({}),
      headers: { ...key(), authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
  });

  test('a token that has expired', async () => {
    const token = await expiredToken(fleet);
    const answer = await shop.request('POST', '/orders', {
      ...order({}),
      headers: { ...key(), authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(401);
    expect(String(answer.body.detail)).toContain('expired');
  });
});

describe('random bytes close that connection and nothing else', () => {
  test.each(['kafka', 'telemetry', 'pricingGrpc', 'gateway'] as const)('on the port of %s', async (endpoint) => {
    const before = await statuses();
    const address = fleet.state().endpoints[endpoint].replace(/^\w+:\/\//, '');
    const [host, port] = address.split(':');
    for (let round = 0; round < 20; round += 1) await throwBytes(host ?? '', Number(port), randomBytes(1 + round * 97));
    await until('an order still passes', async () => {
      const { order: view } = await shop.finished(await shop.placed());
      return view.status === 'confirmed' ? view : null;
    });
    expect(await statuses()).toEqual(before);
  });
});

/** Pid and restarts of each process: unchanged means that nobody fell over. */
async function statuses(): Promise<{ name: string; pid: number | null; restarts: number }[]> {
  const names = Object.keys(fleet.state().processes);
  const found = await Promise.all(names.map((name) => fleet.process(name)));
  return found.map(({ name, pid, restarts }) => ({ name, pid, restarts }));
}

/** Sends bytes and waits until the other side closes, or 1 s: a server may also wait for the rest of a frame. */
function throwBytes(host: string, port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.write(bytes));
    socket.setTimeout(250, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.once('close', () => resolve());
  });
}
