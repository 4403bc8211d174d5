import { listPayments as listRoute } from '#contracts/http/billing.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Database } from '#kit/postgres/database.ts';
import { listPayments } from './store.ts';

export function serveHttp(http: HttpServer, { database }: { database: Database }): void {
  http.route(listRoute, async ({ query }) => ({
    status: 200,
    body: { payments: await listPayments(database, query.orderId ?? null, query.limit) },
  }));
}
