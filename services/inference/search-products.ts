import type { SearchHit } from '#contracts/http/catalogue.ts';
import type { Logger } from '#kit/logger.ts';
import type { Embedder } from './embedding/embedder.ts';
import type { SearchEngine } from './search/search-engine.ts';
import type { Spelling } from './search/spelling.ts';

/** Model id of answers that were found without vectors. */
export const keywordModel = 'orrery-bm25-v1';

/** The engine of the moment: by keywords only until the catalogue has been embedded. */
export type Searcher = {
  engine: () => { engine: SearchEngine; hasVectors: boolean };
  /** For when vectors cannot be asked. */
  byKeywords: SearchEngine;
  embedder: Embedder;
  spelling: Spelling;
};

export type SearchAnswer = { model: string; hits: SearchHit[] };

/**
 * Products for a query, best first. When the model does not answer the search degrades to keywords instead of
 * failing, and says so by its model id (FAULTS.md F-41).
 */
export async function searchCatalogue(
  query: string,
  limit: number,
  searcher: Searcher,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<SearchAnswer> {
  const { engine, hasVectors } = searcher.engine();
  const { byKeywords } = searcher;
  const spelled = searcher.spelling(query);
  // A real model reads sentences; the lexical one matches words, so typos are mended and filler is dropped for it.
  const asked = searcher.embedder.provider === 'orrery' ? spelled : query;
  const vector = hasVectors ? await embedQuery(asked, searcher.embedder, signal, log) : null;
  if (vector === null) return { model: keywordModel, hits: await byKeywords.search(spelled, null, limit) };
  try {
    return { model: searcher.embedder.model, hits: await engine.search(spelled, vector, limit) };
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ error, model: searcher.embedder.model }, 'vectors cannot be asked, searching by keywords');
    return { model: keywordModel, hits: await byKeywords.search(spelled, null, limit) };
  }
}

/** Products that go with the given ones, best first; by keywords while there are no vectors, or they cannot be asked. */
export async function recommendProducts(
  skus: readonly string[],
  limit: number,
  searcher: Searcher,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<SearchAnswer> {
  const { engine, hasVectors } = searcher.engine();
  if (hasVectors) {
    try {
      return { model: searcher.embedder.model, hits: await engine.recommend(skus, limit) };
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ error, model: searcher.embedder.model }, 'vectors cannot be asked, recommending by keywords');
    }
  }
  return { model: keywordModel, hits: await searcher.byKeywords.recommend(skus, limit) };
}

async function embedQuery(
  query: string,
  embedder: Embedder,
  signal: AbortSignal,
  log: Logger,
): Promise<Float32Array | null> {
  try {
    const { vectors } = await embedder.embed([query], signal);
    return vectors[0] ?? null;
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ error, model: embedder.model }, 'model does not answer, searching by keywords');
    return null;
  }
}
