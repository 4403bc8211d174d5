import type { SearchHit } from '#contracts/http/catalogue.ts';
import { type CatalogueEntry, textOf, toHit } from './catalogue.ts';
import { nearEnough, type Ranked, rankHybrid } from './hybrid.ts';
import { createKeywordIndex } from './keyword-index.ts';
import type { VectorIndex } from './vector-index.ts';

/** Search over the catalogue; the vectors are handed in, and asked where they are. */
export type SearchEngine = {
  /** Best products for a query, by vector and keywords; by keywords alone when `queryVector` is null. */
  search(query: string, queryVector: Float32Array | null, limit: number): Promise<SearchHit[]>;
  /** Products nearest to the given ones, which are not among them. Unknown SKUs are ignored. */
  recommend(skus: readonly string[], limit: number): Promise<SearchHit[]>;
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
    async search(query, queryVector, limit) {
      const scores = keywords.scores(query);
      // Whoever is not among the nearest, and shares no word either, cannot be among the first.
      const wanted = { atLeast: nearEnough, limit, also: [...scores.keys()] };
      const cosines = vectors && queryVector ? await vectors.near(queryVector, wanted) : null;
      return toHits(rankHybrid(cosines, scores), query, limit);
    },
    async recommend(skus, limit) {
      const known = skus.flatMap((sku) => bySku.get(sku) ?? []);
      const query = known.map(textOf).join(' ');
      const ranked = vectors
        ? await vectors.nearToAll(skus, limit)
        : rankHybrid(null, keywords.scores(query)).filter(({ key }) => !skus.includes(key));
      return toHits(ranked, query, limit);
    },
  };
}
