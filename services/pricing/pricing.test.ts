import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalQuote, type Quote } from '#contracts/grpc/quote.ts';
import { demoShopper } from '#contracts/seed/customers.ts';
import { products } from '#contracts/seed/products.ts';
import { createGrpcClient, type GrpcClient } from '#kit/grpc/client.ts';
import { newId } from '#kit/ids.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { freePort, startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { startPricingGrpc } from './grpc.ts';
import { selectPrices } from './list-prices.ts';
import { readPriceList, seedPrices } from './store.ts';
import { createTtlCache } from './ttl-cache.ts';

const signingKey = 'a key only for tests';
let postgres: TestPostgres;
let db: Database;
let stop: () => Promise<void>;
let client: GrpcClient;
let port: number;
let nowMs = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  const env = { DATABASE_URL: await postgres.createDatabase(), GRPC_PORT: await freePort() };
  const started = testService(env, { name: 'pricing' });
  stop = started.stop;
  db = await openDatabase(started.service, { migrations: new URL('./migrations/', import.meta.url) });
  await db.transaction((tx) => seedPrices(tx, products));
  const cache = createTtlCache({
    ttlMs: 1_000,
    now: () => nowMs,
    load: async () => ({ value: await readPriceList(db), ageMs: 0 }),
  });
  port = await startPricingGrpc(started.service, {
    priceList: (signal) => cache.get(signal),
    now: () => Date.parse('2026-11-22T10:00:00.000Z'),
    newId,
    signingKey,
  });
  client = createGrpcClient({
    peer: 'pricing',
    address: `127.0.0.1:${port}`,
    proto: new URL('../../contracts/grpc/pricing.proto', import.meta.url),
    serviceName: 'orrery.pricing.v1.Pricing',
  });
}, 60_000);

afterAll(async () => {
  client.close();
  await stop();
  await postgres.stop();
}, 60_000);

const quote = (items: object[]) => client.call<Quote>('Quote', { customerId: demoShopper.id, items });

test('what arrives over the wire still carries its valid signature', async () => {
  const made = await quote([
    { sku: 'LAMP-001', qty: 2 },
    { sku: 'BOOK-005', qty: 1 },
  ]);
  expect(made.totalMinor).toBe(2 * 6900 + 3990);
  // Whom it is for is signed but not sent back: the caller knows whom it asked for.
  const signed = canonicalQuote({ ...made, customerId: demoShopper.id });
  expect(made.signature).toBe(createHmac('sha256', signingKey).update(signed).digest('base64url'));
});

test('failures come as the right status and name the SKU', async () => {
  await expect(quote([{ sku: 'NOPE-1', qty: 1 }])).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringContaining('NOPE-1'),
  });
  await expect(quote([{ sku: 'LAMP-001', qty: 0 }])).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringContaining('LAMP-001'),
  });
  await expect(quote([])).rejects.toMatchObject({ code: 'invalid_argument' });
});

test('random bytes on the gRPC port close that connection and nothing else', async () => {
  const closed = Promise.all(
    Array.from(
      { length: 5 },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => socket.write(randomBytes(2048)));
          socket.setTimeout(5_000, () => reject(new Error('still open')));
          socket.on('error', () => {});
          socket.resume();
          socket.on('close', () => resolve());
        }),
    ),
  );
  expect((await quote([{ sku: 'LAMP-001', qty: 1 }])).totalMinor).toBe(6900);
  await closed;
  expect((await quote([{ sku: 'LAMP-001', qty: 1 }])).totalMinor).toBe(6900);
});

test('a new price is a new version; quotes use it once the cache has aged', async () => {
  await quote([{ sku: 'GAME-001', qty: 1 }]);
  await db.query(`insert into prices (sku, version, amount_minor, currency) values ('GAME-001', 2, 2490, 'EUR')`);
  expect((await quote([{ sku: 'GAME-001', qty: 1 }])).lines[0]).toMatchObject({ unitMinor: 1990, priceVersion: 1 });
  nowMs += 1_000;
  expect((await quote([{ sku: 'GAME-001', qty: 1 }])).lines[0]).toMatchObject({ unitMinor: 2490, priceVersion: 2 });
  await expect(db.query('update prices set amount_minor = 1')).rejects.toThrow(/append-only/);
});

test('seeding again leaves a changed price alone', async () => {
  expect(await db.transaction((tx) => seedPrices(tx, products))).toBe(0);
  const prices = await readPriceList(db);
  expect(selectPrices(prices, 'GAME-001, LAMP-001').map(({ sku, version }) => [sku, version])).toEqual([
    ['GAME-001', 2],
    ['LAMP-001', 1],
  ]);
  expect(selectPrices(prices, undefined)).toHaveLength(72);
});
