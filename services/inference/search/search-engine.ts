import type { SearchHit } from '#contracts/http/catalogue.ts';
import { type CatalogueEntry, textOf, toHit } from './catalogue.ts';
import { byScore, type Ranked, rankHybrid } from './hybrid.ts';
import { createKeywordIndex } from './keyword-index.ts';
import type { VectorIndex } from './vector-index.ts';

/** Search over the catalogue as a value: no I/O, the vectors are handed in. */
export type SearchEngine = {
  /** Best products for a query, by vector and keywords; by keywords alone when `queryVector` is null. */
  search(query: string, queryVector: Float32Array | null, limit: number): SearchHit[];
  /** Products nearest to the given ones, which are not among them. Unknown SKUs are ignored. */
  recommend(skus: readonly string[], limit: number): SearchHit[];
};

/** Builds the engine; `vectors` is null until the catalogue has been embedded. */
export function createSearchEngine(catalogue: readonly CatalogueEntry[], vectors: VectorIndex | null): SearchEngine {
  const bySku = new Map(catalogue.map((entry) => [entry.sku, entry]));
  const keywords = createKeywordIndex(
    catalogue.map(({ sku, name, description, category }) => ({
      key: sku,
      title: name,
      body: `${category} ${description}`,
    })),
  );
  const toHits = (ranked: Ranked[], query: string, limit: number) =>
    ranked.slice(0, limit).flatMap(({ key, score }) => {
      const entry = bySku.get(key);
      return entry ? [toHit(entry, score, query)] : [];
    });

  return {
    search(query, queryVector, limit) {
      const cosines = vectors && queryVector ? vectors.similarities(queryVector) : null;
      return toHits(rankHybrid(cosines, keywords.scores(query)), query, limit);
    },
    recommend(skus, limit) {
      const known = skus.flatMap((sku) => bySku.get(sku) ?? []);
      const query = known.map(textOf).join(' ');
      const ranked = vectors ? nearestToAll(vectors, known) : rankHybrid(null, keywords.scores(query));
      const others = ranked.filter(({ key }) => !skus.includes(key));
      return toHits(others, query, limit);
    },
  };
}

/** Mean similarity with each of the given products, so that a mixed basket gets something of everything. */
function nearestToAll(vectors: VectorIndex, entries: readonly CatalogueEntry[]): Ranked[] {
  const totals = new Map<string, number>();
  const known = entries.flatMap((entry) => vectors.vectorOf(entry.sku) ?? []);
  for (const vector of known) {
    for (const [key, cosine] of vectors.similarities(vector)) totals.set(key, (totals.get(key) ?? 0) + cosine);
  }
  return byScore([...totals].map(([key, total]) => ({ key, score: Math.max(0, total / known.length) })));
}
