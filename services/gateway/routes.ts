import { listPayments } from '#contracts/http/billing.ts';
import { recommendProducts, restock, searchProducts } from '#contracts/http/catalogue.ts';
import {
  getReadModel,
  getTimeline,
  listOpenSagas,
  listOrders,
  orderStats,
  rebuildReadModel,
  sagaStats,
  streamOrders,
} from '#contracts/http/history.ts';
import { cancelOrder, getOrder, placeOrder } from '#contracts/http/orders.ts';
import type { Route } from '#contracts/http/route.ts';
import { describePayment, getSaga } from '#contracts/http/sagas.ts';
import { getInvoicePdf, listMail } from '#contracts/http/workers.ts';

export const upstreams = ['orders', 'history', 'inventory', 'pricing', 'inference', 'billing', 'workers'] as const;
export type Upstream = (typeof upstreams)[number];

export type GatewayRoute = {
  route: Route;
  upstream: Upstream;
  /** Until the whole answer is there; for a stream, until it begins. Milliseconds. */
  timeoutMs: number;
  stream?: true;
};

const quickMs = 2_000;

/**
 * What the outside may call and who answers it. Roles and shapes are the contract's; whose order it is, is the
 * owner's question.
 */
export const routes: readonly GatewayRoute[] = [
  // A quote from pricing and a database transaction lie behind it.
  { route: placeOrder, upstream: 'orders', timeoutMs: 5_000 },
  { route: getOrder, upstream: 'orders', timeoutMs: quickMs },
  { route: cancelOrder, upstream: 'orders', timeoutMs: quickMs },
  { route: getSaga, upstream: 'orders', timeoutMs: quickMs },
  // Its own deadline is four seconds; one more, so that its explanation arrives first.
  { route: describePayment, upstream: 'orders', timeoutMs: 5_000 },
  { route: listOrders, upstream: 'history', timeoutMs: quickMs },
  { route: getTimeline, upstream: 'history', timeoutMs: quickMs },
  { route: orderStats, upstream: 'history', timeoutMs: quickMs },
  { route: listOpenSagas, upstream: 'history', timeoutMs: quickMs },
  { route: sagaStats, upstream: 'history', timeoutMs: quickMs },
  { route: streamOrders, upstream: 'history', timeoutMs: quickMs, stream: true },
  { route: getReadModel, upstream: 'history', timeoutMs: quickMs },
  { route: rebuildReadModel, upstream: 'history', timeoutMs: quickMs },
  { route: searchProducts, upstream: 'inference', timeoutMs: quickMs },
  { route: recommendProducts, upstream: 'inference', timeoutMs: quickMs },
  { route: restock, upstream: 'inventory', timeoutMs: quickMs },
  { route: listPayments, upstream: 'billing', timeoutMs: quickMs },
  { route: getInvoicePdf, upstream: 'workers', timeoutMs: 5_000 },
  { route: listMail, upstream: 'workers', timeoutMs: quickMs },
];
