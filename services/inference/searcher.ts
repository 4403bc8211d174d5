import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import type { Embedder } from './embedding/embedder.ts';
import { indexCatalogue } from './index-catalogue.ts';
import { type CatalogueEntry, textOf } from './search/catalogue.ts';
import { createSearchEngine } from './search/search-engine.ts';
import { createSpelling } from './search/spelling.ts';
import type { Searcher } from './search-products.ts';
import type { VectorStore } from './vectors/vector-store.ts';

/** Pause before the catalogue is embedded again after the model did not answer. */
const retryMs = 15_000;

/**
 * A searcher that answers by keywords at once and by vectors as soon as the catalogue is embedded. The model is no
 * part of readiness: without it, search is worse, but orders and fraud scores are not touched.
 */
export function startSearcher(
  service: Service,
  options: { store: VectorStore; embedder: Embedder; catalogue: readonly CatalogueEntry[] },
): Searcher {
  const { store, embedder, catalogue } = options;
  const { log, signal } = service;
  const byKeywords = createSearchEngine(catalogue, null);
  let current = { engine: byKeywords, hasVectors: false };

  async function index(): Promise<void> {
    while (!signal.aborted && !current.hasVectors) {
      try {
        const { index, embedded } = await indexCatalogue(store, embedder, catalogue, signal);
        current = { engine: createSearchEngine(catalogue, index), hasVectors: true };
        const { dims, size } = index;
        log.info({ model: embedder.model, store: store.name, dims, products: size, embedded }, 'catalogue indexed');
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ error, model: embedder.model, retryMs }, 'catalogue not embedded yet, searching by keywords');
        await sleep(retryMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  const indexing = withoutTracing(index);
  service.shutdown.add('catalogue index', () => indexing);
  return { engine: () => current, byKeywords, embedder, spelling: createSpelling(catalogue.map(textOf)) };
}
