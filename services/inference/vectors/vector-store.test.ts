import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { products } from '#contracts/seed/products.ts';
import { type Database, openDatabase } from '#kit/postgres/database.ts';
import { testService } from '#kit/testing/service.ts';
import { openPglite, type TestPglite } from '#tests/support/pglite.ts';
import { createLexicalEmbedder } from '../embedding/lexical-embedder.ts';
import { indexCatalogue } from '../index-catalogue.ts';
import { textOf } from '../search/catalogue.ts';
import { createSearchEngine } from '../search/search-engine.ts';
import { createVectorIndex } from '../search/vector-index.ts';
import { createBytesStore } from './bytes-store.ts';
import { openVectorStore } from './open-vector-store.ts';
import type { VectorStore } from './vector-store.ts';

const migrations = new URL('../migrations/', import.meta.url);
const forPgvector = new URL('vector/', migrations);
const never = new AbortController().signal;
const lexical = createLexicalEmbedder(products.map(textOf));
const { vectors } = await lexical.embed(products.map(textOf), never);
const bySku = new Map(products.map(({ sku }, row) => [sku, vectors[row] ?? new Float32Array()]));
/** What every store is held against. */
const inMemory = createVectorIndex(bySku);

type Opened = { store: VectorStore; close(): Promise<void> };
/** A server with pgvector, as whoever may create databases and the extension, e.g. of the image pgvector/pgvector. */
const realUrl = process.env.PGVECTOR_URL;

let pglite: Promise<TestPglite> | undefined;
/** One database for both: it takes seconds to make. */
async function pgliteWith(createStore: (db: Database) => Promise<VectorStore> | VectorStore): Promise<Opened> {
  pglite ??= openPglite([migrations, forPgvector], { extension: true });
  return { store: await createStore((await pglite).db), close: async () => {} };
}
afterAll(async () => (await pglite)?.close());

const kinds: [string, RegExp, boolean, () => Promise<Opened>][] = [
  ['memory', /^memory$/, true, () => pgliteWith(createBytesStore)],
  ['pgvector', /^pgvector \d/, true, () => pgliteWith(openVectorStore)],
  ['the pgvector at PGVECTOR_URL', /^pgvector \d/, realUrl !== undefined, () => openReal(realUrl ?? '')],
];

/** A new database there; the service migrates it as it does at boot. */
async function openReal(url: string): Promise<Opened> {
  const name = `vectors_${randomBytes(4).toString('hex')}`;
  const asOwner = async (database: string, sql: string) => {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const own = new URL(url);
  own.pathname = `/${name}`;
  await asOwner(url, `create database ${name}`);
  await asOwner(own.href, 'create extension vector');
  const { service, stop } = testService({ DATABASE_URL: own.href }, { name: 'inference' });
  const db = await openDatabase(service, { migrations });
  return {
    store: await openVectorStore(db),
    close: async () => {
      await stop();
      await asOwner(url, `drop database ${name}`);
    },
  };
}

describe.each(kinds)('%s', (_, name, there, open) => {
  let opened: Opened;
  let store: VectorStore;
  beforeAll(async () => {
    if (!there) return;
    opened = await open();
    store = opened.store;
  }, 180_000);
  afterAll(() => opened?.close(), 60_000);

  test.runIf(there)('says what it is', () => expect(store.name).toMatch(name));

  test.runIf(there)('finds what the index in memory finds: the nearest, and those that are asked for', async () => {
    const { index } = await indexCatalogue(store, lexical, products, never);
    expect([index.dims, index.size]).toEqual([inMemory.dims, 72]);
    const queries = ['lamp for reading at night', 'coffee', 'gift for a child', 'xqzzt'];
    for (const query of (await lexical.embed(queries, never)).vectors) {
      for (const wanted of [
        { atLeast: 0.22, limit: 5, also: [] },
        { atLeast: 0.1, limit: 3, also: ['GAME-001', 'LAMP-001', 'NOPE-1'] },
        { atLeast: 2, limit: 72, also: [] },
      ]) {
        const [expected, found] = [await inMemory.near(query, wanted), await index.near(query, wanted)];
        expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, cosine] of expected) expect(found.get(key), key).toBeCloseTo(cosine, 5);
      }
    }
  });

  test.runIf(there)('recommends what the index in memory recommends', async () => {
    const { index } = await indexCatalogue(store, lexical, products, never);
    for (const keys of [['LAMP-001'], ['KITCHEN-001', 'LAMP-002', 'NOPE-1'], ['NOPE-1']]) {
      const [expected, found] = [await inMemory.nearToAll(keys, 6), await index.nearToAll(keys, 6)];
      expect(found.map(({ key }) => key)).toEqual(expected.map(({ key }) => key));
      expected.forEach(({ score }, rank) => {
        expect(found[rank]?.score).toBeCloseTo(score, 5);
      });
    }
  });

  test.runIf(there)('makes the same hits of it, also for what people ask in words', async () => {
    const { index } = await indexCatalogue(store, lexical, products, never);
    const [mine, theirs] = [createSearchEngine(products, inMemory), createSearchEngine(products, index)];
    for (const query of [
      'lamp for reading at night',
      'something to brew coffee',
      'knife',
      'camping in the mountains',
    ]) {
      const [vector = null] = (await lexical.embed([query], never)).vectors;
      expect(await theirs.search(query, vector, 10), query).toEqual(await mine.search(query, vector, 10));
    }
  });

  test.runIf(there)('finds nothing by a vector that has no direction', async () => {
    const { index } = await indexCatalogue(store, lexical, products, never);
    const nowhere = new Float32Array(index.dims);
    const found = await index.near(nowhere, { atLeast: 0.22, limit: 5, also: ['LAMP-001'] });
    expect([...found]).toEqual([['LAMP-001', 0]]);
  });

  test.runIf(there)('refuses a query of other dimensions', async () => {
    const { index } = await indexCatalogue(store, lexical, products, never);
    await expect(index.near(new Float32Array(8), { atLeast: 0, limit: 1, also: [] })).rejects.toThrow(RangeError);
  });

  test.runIf(there)(
    'keeps what has not changed, replaces what has, and forgets what has left the catalogue',
    async () => {
      await indexCatalogue(store, lexical, products, never);
      expect((await indexCatalogue(store, lexical, products, never)).embedded).toBe(0);
      const changed = products.slice(1).map((product, row) => (row === 0 ? { ...product, name: 'Renamed' } : product));
      const { index, embedded } = await indexCatalogue(store, lexical, changed, never);
      expect([index.size, embedded]).toEqual([71, 1]);
      expect((await store.known(lexical.model)).map(({ sku }) => sku)).not.toContain(products[0]?.sku);
    },
  );

  test.runIf(there)('keeps models apart, of whatever dimensions', async () => {
    const small = new Float32Array([0.6, 0.8]);
    const index = await store.replace('other', ['LAMP-001'], [{ sku: 'LAMP-001', textHash: 'h', vector: small }]);
    expect([index.dims, index.size]).toEqual([2, 1]);
    expect([...(await index.near(small, { atLeast: 0, limit: 9, also: [] })).keys()]).toEqual(['LAMP-001']);
    expect(await store.known('other')).toEqual([{ sku: 'LAMP-001', textHash: 'h', dims: 2 }]);
  });
});
