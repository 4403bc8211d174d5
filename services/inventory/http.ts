import { listStock, restock } from '#contracts/http/catalogue.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Database } from '#kit/postgres/database.ts';
import { listStockItems } from './list-stock.ts';
import { restockProduct } from './restock-product.ts';

export function inventoryRoutes(http: HttpServer, db: Database): void {
  http.route(listStock, async ({ query }) => ({ status: 200, body: { items: await listStockItems(db, query) } }));

  http.route(restock, async ({ params, body, principal, log }) => {
    const item = await restockProduct(db, params.sku, body.qty, body.reason);
    log.info({ sku: item.sku, qty: body.qty, onHand: item.onHand, by: principal.subject }, 'stock added');
    return { status: 200, body: item };
  });
}
