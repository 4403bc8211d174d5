import { createHash } from 'node:crypto';
import type { Database } from '#kit/postgres/database.ts';
import type { Embedder } from './embedding/embedder.ts';
import { type CatalogueEntry, textOf } from './search/catalogue.ts';
import { createVectorIndex, type VectorIndex } from './search/vector-index.ts';
import { readVectors, replaceVectors, type StoredVector } from './store.ts';

export type IndexedCatalogue = { index: VectorIndex; embedded: number };

/**
 * Brings the stored vectors of the embedder's model in line with the catalogue and returns an index over them. Only
 * texts that are new or changed are embedded; when the model has begun to answer with other dimensions, all are.
 * Throws what the embedder throws.
 */
export async function indexCatalogue(
  db: Database,
  embedder: Embedder,
  catalogue: readonly CatalogueEntry[],
  signal: AbortSignal,
): Promise<IndexedCatalogue> {
  const stored = new Map((await readVectors(db, embedder.model)).map((entry) => [entry.sku, entry]));
  const wanted = catalogue.map((entry) => ({ sku: entry.sku, text: textOf(entry), textHash: hashOf(textOf(entry)) }));
  const stale = wanted.filter(({ sku, textHash }) => stored.get(sku)?.textHash !== textHash);
  let fresh = await embedAll(embedder, stale, signal);
  if (new Set([...fresh, ...stored.values()].map(({ vector }) => vector.length)).size > 1) {
    fresh = await embedAll(embedder, wanted, signal);
  }
  const bySku = new Map([...stored, ...fresh.map((entry) => [entry.sku, entry] as const)]);
  const current = wanted.flatMap(({ sku }) => bySku.get(sku) ?? []);
  await db.transaction((tx) => replaceVectors(tx, embedder.model, current));
  const index = createVectorIndex(new Map(current.map(({ sku, vector }) => [sku, vector])));
  return { index, embedded: fresh.length };
}

type Wanted = { sku: string; text: string; textHash: string };

async function embedAll(embedder: Embedder, entries: readonly Wanted[], signal: AbortSignal): Promise<StoredVector[]> {
  if (entries.length === 0) return [];
  const { vectors } = await embedder.embed(
    entries.map(({ text }) => text),
    signal,
  );
  return entries.map(({ sku, textHash }, row) => ({ sku, textHash, vector: vectors[row] ?? new Float32Array() }));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
