import { products } from '#contracts/seed/products.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService, type Service } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import type { Embedder } from './embedding/embedder.ts';
import { createLexicalEmbedder } from './embedding/lexical-embedder.ts';
import { createOpenAiEmbedder } from './embedding/openai-embedder.ts';
import { tracedEmbedder } from './embedding/traced-embedder.ts';
import { env } from './env.ts';
import { inferenceRoutes } from './http.ts';
import { textOf } from './search/catalogue.ts';
import { startSearcher } from './searcher.ts';
import { openVectorStore } from './vectors/open-vector-store.ts';

await runService({
  name: 'inference',
  env,
  async start(service) {
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url), max: 4 });
    const embedder = tracedEmbedder(chooseEmbedder(service.env));
    const store = await withoutTracing(() => openVectorStore(db));
    const searcher = startSearcher(service, { store, embedder, catalogue: products });
    const http = createHttpServer(service);
    inferenceRoutes(http, db, searcher);
    await http.listen();
  },
});

type EmbeddingsEnv = {
  EMBEDDINGS_URL?: string | undefined;
  EMBEDDINGS_MODEL: string;
  EMBEDDINGS_API_KEY?: string | undefined;
  EMBEDDINGS_TIMEOUT_MS: number;
};

function chooseEmbedder(env: Service<EmbeddingsEnv>['env']): Embedder {
  if (env.EMBEDDINGS_URL === undefined) return createLexicalEmbedder(products.map(textOf));
  return createOpenAiEmbedder({
    url: env.EMBEDDINGS_URL,
    model: env.EMBEDDINGS_MODEL,
    apiKey: env.EMBEDDINGS_API_KEY ?? null,
    timeoutMs: env.EMBEDDINGS_TIMEOUT_MS,
  });
}
