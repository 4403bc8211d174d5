import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Charge, Refund } from '#contracts/http/payments.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { newId } from '#kit/ids.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { serveHttp } from './http.ts';

const apiKey = 'sk_test_12345678';
let postgres: TestPostgres;
let database: Database;
let url: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  postgres = await startPostgres();
  const test = testService({ DATABASE_URL: await postgres.createDatabase() }, { name: 'payments' });
  stop = test.stop;
  database = await openDatabase(test.service, { migrations: new URL('./migrations/', import.meta.url) });
  const http = createHttpServer(test.service);
  serveHttp(http, {
    database,
    log: test.service.log,
    now: () => new Date(),
    random: () => 0,
    asSeenByBank: ({ payment }) => payment.token,
    newId,
    apiKey,
  });
  url = `http://127.0.0.1:${await http.listen()}`;
}, 60_000);
afterAll(async () => {
  await stop?.();
  await postgres?.stop();
}, 30_000);

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

async function post<T>(
  path: string,
  body: unknown,
  key = newId(),
  options: { bearer?: string; withinMs?: number } = {},
) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.bearer ?? apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(options.withinMs ?? 10_000),
  });
  return { status: response.status, body: (await response.json()) as T & { code?: string } };
}

function chargeRequest(token = 'tok_visa', reference = newId(), amountMinor = 1999) {
  return { amount: eur(amountMinor), payment: { token }, reference };
}

async function chargesOf(reference: string): Promise<Charge[]> {
  const response = await fetch(`${url}/v1/charges?reference=${reference}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  return ((await response.json()) as { charges: Charge[] }).charges;
}

test('charges a card once, however often the same key comes', async () => {
  const request = chargeRequest();
  const first = await post<Charge>('/v1/charges', request, 'key-once-1');
  const again = await post<Charge>('/v1/charges', request, 'key-once-1');
  expect(first.body).toMatchObject({ status: 'succeeded', declineCode: null, reference: request.reference });
  expect(again).toEqual(first);
  expect(await chargesOf(request.reference)).toEqual([first.body]);
});

test('charges once when the same key comes twenty times at once', async () => {
  const request = chargeRequest();
  const key = newId();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post<Charge>('/v1/charges', request, key)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
  expect(await chargesOf(request.reference)).toHaveLength(1);
});

test('refuses the same key with another body', async () => {
  const request = chargeRequest();
  await post('/v1/charges', request, 'key-other-1');
  const other = await post('/v1/charges', { ...request, amount: eur(1) }, 'key-other-1');
  expect(other).toMatchObject({ status: 422, body: { code: 'unprocessable' } });
});

test.each([
  ['tok_declined', 'card_declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_expired', 'expired_card'],
])('declines %s and moves no money', async (token, declineCode) => {
  const { status, body } = await post<Charge>('/v1/charges', chargeRequest(token));
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'declined', declineCode });
  const { rowCount } = await database.query('select from ledger_movement where charge_id = $1', [body.id]);
  expect(rowCount).toBe(0);
});

test('a caller that gave up on a slow card meets its own charge when it retries', async () => {
  const request = chargeRequest('tok_slow');
  await expect(post('/v1/charges', request, 'key-slow-1', { withinMs: 300 })).rejects.toThrow();
  expect(await chargesOf(request.reference)).toHaveLength(1);
  const retry = await post<Charge>('/v1/charges', request, 'key-slow-1', { withinMs: 1_000 });
  expect(retry.body.id).toBe((await chargesOf(request.reference))[0]?.id);
  expect(await chargesOf(request.reference)).toHaveLength(1);
});

test('a flaky card fails twice per key without charging, then pays', async () => {
  const request = chargeRequest('tok_flaky');
  const statuses = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    statuses.push((await post('/v1/charges', request, 'key-flaky-1')).status);
    if (attempt < 2) expect(await chargesOf(request.reference)).toEqual([]);
  }
  expect(statuses).toEqual([503, 503, 200, 200]);
  expect(await chargesOf(request.reference)).toHaveLength(1);
});

test('refunds in parts up to what was captured, also when they come at once', async () => {
  const { body: charge } = await post<Charge>('/v1/charges', chargeRequest('tok_visa', newId(), 1000));
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => post<Refund>('/v1/refunds', { chargeId: charge.id, amount: eur(300) })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 422, 422]);
  const [after] = await chargesOf(charge.reference);
  expect(after?.refunded).toEqual(eur(900));
});

test('gives the same refund for the same key', async () => {
  const { body: charge } = await post<Charge>('/v1/charges', chargeRequest());
  const refund = { chargeId: charge.id, amount: eur(100) };
  const first = await post<Refund>('/v1/refunds', refund, 'key-refund-1');
  expect(await post<Refund>('/v1/refunds', refund, 'key-refund-1')).toEqual(first);
  expect((await chargesOf(charge.reference))[0]?.refunded).toEqual(eur(100));
});

test('the ledger agrees with the charges and refunds', async () => {
  const { rows } = await database.query<{ captured: number; refunded: number; net: number }>(`
    select (select sum(amount_minor) from charge where status = 'succeeded')::bigint as captured,
           (select coalesce(sum(amount_minor), 0) from refund)::bigint as refunded,
           (select sum(case credit when 'merchant' then amount_minor else -amount_minor end) from ledger_movement)::bigint as net`);
  expect(rows[0]?.net).toBe((rows[0]?.captured ?? 0) - (rows[0]?.refunded ?? 0));
});

test.each(['charge', 'refund', 'ledger_movement'])('what is written in %s cannot be changed', async (table) => {
  await expect(database.query(`update ${table} set amount_minor = 1`)).rejects.toThrow('append-only');
  await expect(database.query(`delete from ${table}`)).rejects.toThrow('append-only');
});

test.each([
  ['no key of ours', 401, chargeRequest(), { bearer: 'sk_wrong_1234567' }],
  ['nothing to pay', 422, chargeRequest('tok_visa', newId(), 0), {}],
  ['a fraction of a cent', 422, chargeRequest('tok_visa', newId(), 1.5), {}],
  ['a token that stands for no card', 422, chargeRequest('tok_gold'), {}],
])('refuses a charge with %s', async (_, status, request, options) => {
  expect((await post('/v1/charges', request, newId(), options)).status).toBe(status);
});

test('says that it is simulated', async () => {
  const response = await fetch(url);
  expect(response.headers.get('x-simulated')).toBe('payments; no money moves here');
  expect(await response.json()).toMatchObject({ simulated: true });
});
