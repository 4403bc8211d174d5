import { AppError } from '#contracts/errors.ts';
import {
  cancelOrder as cancelOrderRoute,
  getOrder,
  type Order,
  placeOrder as placeOrderRoute,
} from '#contracts/http/orders.ts';
import { describePayment, getSaga as getSagaRoute } from '#contracts/http/sagas.ts';
import type { Principal } from '#kit/auth.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Requester } from '#kit/request-reply/requester.ts';
import { cancelOrder } from './cancel-order.ts';
import { getSaga } from './get-saga.ts';
import type { OrderState } from './order.ts';
import { type PlaceOrderDeps, placeOrder } from './place-order.ts';
import type { RecordFactDeps } from './record-fact.ts';
import { findOrder, toOrder } from './store.ts';

/** How long billing may take to answer over the bus, milliseconds; the first question also opens the reply topic. */
const answerWithinMs = 4_000;

export function addRoutes(http: HttpServer, deps: PlaceOrderDeps & RecordFactDeps & { requester: Requester }): void {
  http.route(placeOrderRoute, async ({ principal, headers, body, signal }) => {
    const idempotencyKey = headers['idempotency-key'];
    const { answer, repeated } = await placeOrder(deps, {
      principal,
      idempotencyKey,
      body,
      sagaStyle: headers['x-saga-style'],
      signal,
    });
    return {
      status: 202,
      headers: { ...answer.headers, ...(repeated ? { 'idempotent-replayed': 'true' } : {}) },
      body: answer.body as Order,
    };
  });

  http.route(getOrder, async ({ principal, params }) => ({
    status: 200,
    body: toOrder(await readOrder(deps, principal, params.id)),
  }));

  http.route(cancelOrderRoute, async ({ principal, params }) => ({
    status: 202,
    body: toOrder(await cancelOrder(deps, principal, params.id)),
  }));

  http.route(getSagaRoute, async ({ principal, params }) => ({
    status: 200,
    body: await getSaga(deps.db, await readOrder(deps, principal, params.id)),
  }));

  http.route(describePayment, async ({ principal, params, signal }) => {
    const { id: orderId } = await readOrder(deps, principal, params.id);
    const options = { key: orderId, timeoutMs: answerWithinMs, signal };
    return { status: 200, body: await deps.requester.ask('billing.describe_payment', { orderId }, options) };
  });
}

async function readOrder({ db }: PlaceOrderDeps, principal: Principal, id: string): Promise<OrderState> {
  const order = await findOrder(db, id);
  const staff = principal.roles.includes('operator') || principal.roles.includes('auditor');
  // Somebody else's order does not exist, as far as a shopper can tell.
  if (order === null || (!staff && order.customerId !== principal.subject)) {
    throw new AppError('not_found', `no order ${id}`);
  }
  return order;
}
