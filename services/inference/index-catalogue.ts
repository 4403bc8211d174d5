import { createHash } from 'node:crypto';
import type { Embedder } from './embedding/embedder.ts';
import { type CatalogueEntry, textOf } from './search/catalogue.ts';
import type { VectorIndex } from './search/vector-index.ts';
import type { StoredVector, VectorStore } from './vectors/vector-store.ts';

export type IndexedCatalogue = { index: VectorIndex; embedded: number };

/**
 * Brings the stored vectors of the embedder's model in line with the catalogue and returns an index over them. Only
 * texts that are new or changed are embedded; when the model has begun to answer with other dimensions, all are.
 * Throws what the embedder throws.
 */
export async function indexCatalogue(
  store: VectorStore,
  embedder: Embedder,
  catalogue: readonly CatalogueEntry[],
  signal: AbortSignal,
): Promise<IndexedCatalogue> {
  const stored = new Map((await store.known(embedder.model)).map((entry) => [entry.sku, entry]));
  const wanted = catalogue.map((entry) => ({ sku: entry.sku, text: textOf(entry), textHash: hashOf(textOf(entry)) }));
  const stale = wanted.filter(({ sku, textHash }) => stored.get(sku)?.textHash !== textHash);
  let fresh = await embedAll(embedder, stale, signal);
  const dims = [...fresh.map(({ vector }) => vector.length), ...[...stored.values()].map((entry) => entry.dims)];
  if (new Set(dims).size > 1) fresh = await embedAll(embedder, wanted, signal);
  const index = await store.replace(
    embedder.model,
    wanted.map(({ sku }) => sku),
    fresh,
  );
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
