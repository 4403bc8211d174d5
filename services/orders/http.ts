import { AppError } from '#contracts/errors.ts';
import { getOrder, type Order, placeOrder as placeOrderRoute } from '#contracts/http/orders.ts';
import type { HttpServer } from '#kit/http/server.ts';
import { type PlaceOrderDeps, placeOrder } from './place-order.ts';
import { findOrder, toOrder } from './store.ts';

export function addRoutes(http: HttpServer, deps: PlaceOrderDeps): void {
  http.route(placeOrderRoute, async ({ principal, headers, body, signal }) => {
    const idempotencyKey = headers['idempotency-key'];
    const { answer, repeated } = await placeOrder(deps, { principal, idempotencyKey, body, signal });
    return {
      status: 202,
      headers: { ...answer.headers, ...(repeated ? { 'idempotent-replayed': 'true' } : {}) },
      body: answer.body as Order,
    };
  });

  http.route(getOrder, async ({ principal, params }) => {
    const order = await findOrder(deps.db, params.id);
    const staff = principal.roles.includes('operator') || principal.roles.includes('auditor');
    // Somebody else's order does not exist, as far as a shopper can tell.
    if (order === null || (!staff && order.customerId !== principal.subject)) {
      throw new AppError('not_found', `no order ${params.id}`);
    }
    return { status: 200, body: toOrder(order) };
  });
}
