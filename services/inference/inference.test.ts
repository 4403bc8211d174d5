import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { products } from '#contracts/seed/products.ts';
import { newId } from '#kit/ids.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import type { Service } from '#kit/service.ts';
import { testService } from '#kit/testing/service.ts';
import { startPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { until } from '#tests/support/until.ts';
import type { Embedder } from './embedding/embedder.ts';
import { createLexicalEmbedder } from './embedding/lexical-embedder.ts';
import { indexCatalogue } from './index-catalogue.ts';
import { scoreOrder } from './score-order.ts';
import { textOf } from './search/catalogue.ts';
import { keywordModel, recommendProducts, searchCatalogue } from './search-products.ts';
import { startSearcher } from './searcher.ts';
import { openVectorStore } from './vectors/open-vector-store.ts';
import type { VectorStore } from './vectors/vector-store.ts';

let postgres: TestPostgres;
let db: Database;
let store: VectorStore;
let service: Service<{ DATABASE_URL: string }>;

const lexical = createLexicalEmbedder(products.map(textOf));
const never = new AbortController().signal;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop(), 60_000);

beforeEach(async () => {
  const test = testService({ DATABASE_URL: await postgres.createDatabase() }, { name: 'inference' });
  service = test.service;
  db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url) });
  store = await openVectorStore(db);
  return test.stop;
}, 60_000);

/** An embedder that counts what it is asked, and answers with as many dimensions as told. */
function counting(dims: () => number) {
  const asked: number[] = [];
  const embedder: Embedder = {
    model: 'counting',
    provider: 'test',
    embed: async (texts) => {
      asked.push(texts.length);
      return { vectors: texts.map(() => new Float32Array(dims()).fill(1)), inputTokens: 0 };
    },
  };
  return { embedder, asked };
}

test('embeds each text once', async () => {
  // The embedded Postgres has no pgvector.
  expect(store.name).toBe('memory');
  const first = await indexCatalogue(store, lexical, products, never);
  expect(first.embedded).toBe(72);
  const again = await indexCatalogue(store, lexical, products, never);
  expect(again.embedded).toBe(0);
});

test('a changed text is embedded again, and what left the catalogue leaves the index', async () => {
  await indexCatalogue(store, lexical, products, never);
  const changed = products.slice(1).map((product, row) => (row === 0 ? { ...product, name: 'Renamed' } : product));
  expect((await indexCatalogue(store, lexical, changed, never)).embedded).toBe(1);
  expect((await store.known(lexical.model)).map((entry) => entry.sku)).not.toContain('LAMP-001');
});

test('a model that changes its dimensions gets the whole catalogue again', async () => {
  let dims = 4;
  const { embedder, asked } = counting(() => dims);
  await indexCatalogue(store, embedder, products, never);
  dims = 8;
  const changed = products.map((product, row) => (row === 0 ? { ...product, name: 'Renamed' } : product));
  const { index } = await indexCatalogue(store, embedder, changed, never);
  expect(index.dims).toBe(8);
  expect(asked).toEqual([72, 1, 72]);
});

test('searches by keywords while the model does not answer, and by vectors afterwards', async () => {
  const broken: Embedder = { ...lexical, embed: () => Promise.reject(new Error('model down')) };
  const down = startSearcher(service, { store, embedder: broken, catalogue: products });
  const degraded = await searchCatalogue('coffee', 3, down, { signal: never, log: service.log });
  expect(degraded.model).toBe(keywordModel);
  expect(degraded.hits[0]?.category).toBe('kitchen');

  const up = startSearcher(service, { store, embedder: lexical, catalogue: products });
  await until('catalogue indexed', () => (up.engine().hasVectors ? true : null));
  const answer = await searchCatalogue('lamp for reading at night', 3, up, { signal: never, log: service.log });
  expect(answer.model).toBe(lexical.model);
  expect(answer.hits[0]?.sku).toBe('LAMP-002');
});

test('while vectors cannot be asked, search and recommendations go on by keywords, and say so', async () => {
  const broken: VectorStore = {
    name: 'broken',
    known: async () => [],
    replace: async () => ({
      dims: 256,
      size: 72,
      near: () => Promise.reject(new Error('database is away')),
      nearToAll: () => Promise.reject(new Error('database is away')),
    }),
  };
  const searcher = startSearcher(service, { store: broken, embedder: lexical, catalogue: products });
  await until('catalogue indexed', () => (searcher.engine().hasVectors ? true : null));
  const context = { signal: never, log: service.log };
  const found = await searchCatalogue('coffee', 3, searcher, context);
  const recommended = await recommendProducts(['KITCHEN-001'], 3, searcher, context);
  for (const { model, hits } of [found, recommended]) {
    expect(model).toBe(keywordModel);
    expect(hits[0]?.category).toBe('kitchen');
  }
});

const order = (totalMinor: number, customerId = newId()) => ({
  orderId: newId(),
  customerId,
  items: [{ sku: 'LAMP-001', qty: 1 }],
  total: { amountMinor: totalMinor, currency: 'EUR' as const },
});

test('the same order keeps its first score, also when asked at the same time', async () => {
  const asked = order(2_000_000);
  const scores = await Promise.all(Array.from({ length: 5 }, () => scoreOrder(db, asked, service.log)));
  expect(scores[0]?.decision).toBe('reject');
  expect(new Set(scores.map((score) => JSON.stringify(score))).size).toBe(1);
  const tampered = { ...asked, total: { ...asked.total, amountMinor: 1 } };
  expect(await scoreOrder(db, tampered, service.log)).toEqual(scores[0]);
});

test('velocity counts the orders of the same customer only', async () => {
  const customerId = newId();
  await db.query(
    `insert into scored_orders (order_id, customer_id, total_minor, currency, score, decision, model, reasons)
     select gen_random_uuid(), $1, 1, 'EUR', 0, 'accept', 'test', '{}' from generate_series(1, 300)`,
    [customerId],
  );
  const fast = await scoreOrder(db, order(5000, customerId), service.log);
  expect(fast.decision).toBe('accept');
  expect(fast.reasons[0]).toContain('300 orders');
  expect((await scoreOrder(db, order(5000), service.log)).score).toBe(0);
});
