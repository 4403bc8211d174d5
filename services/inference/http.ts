import { recommendProducts as recommendRoute, searchProducts } from '#contracts/http/catalogue.ts';
import { scoreFraud } from '#contracts/http/fraud.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Database } from '#kit/postgres/database.ts';
import { annotate } from '#kit/telemetry/spans.ts';
import { scoreOrder } from './score-order.ts';
import { recommendProducts, type Searcher, searchCatalogue } from './search-products.ts';

export function inferenceRoutes(http: HttpServer, db: Database, searcher: Searcher): void {
  http.route(searchProducts, async ({ query, signal, log }) => {
    const startedAt = performance.now();
    const answer = await searchCatalogue(query.q, query.limit, searcher, { signal, log });
    const elapsedMs = Math.round((performance.now() - startedAt) * 100) / 100;
    return { status: 200, body: { ...answer, elapsedMs } };
  });

  http.route(recommendRoute, async ({ query, signal, log }) => {
    const skus = query.skus.split(',').map((sku) => sku.trim());
    return { status: 200, body: await recommendProducts(skus, query.limit, searcher, { signal, log }) };
  });

  http.route(scoreFraud, async ({ body, log }) => {
    annotate({ [names.orderId]: body.orderId });
    return { status: 200, body: await scoreOrder(db, body, log) };
  });
}
