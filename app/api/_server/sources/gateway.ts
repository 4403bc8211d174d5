import { isAppError } from '#contracts/errors.ts';
import { listPayments } from '#contracts/http/billing.ts';
import { listProducts, searchProducts } from '#contracts/http/catalogue.ts';
import { cancelOrder, getOrder, placeOrder, type SagaStyle } from '#contracts/http/orders.ts';
import { getSaga } from '#contracts/http/sagas.ts';
import { getInvoicePdf, listMail } from '#contracts/http/workers.ts';
import { send } from './http.ts';
import { callRoute, routePath } from './route.ts';
import type { TokenSource } from './token.ts';

export type GatewaySource = ReturnType<typeof gatewaySource>;

/** What the browser wants placed. Unchecked on purpose: the gateway's contract judges it and its problem is shown. */
export type OrderDraft = {
  customerId: string;
  items: { sku: string; qty: number }[];
  payment: { token: string };
  sagaStyle?: SagaStyle | undefined;
  paymentTimeoutMs?: number | undefined;
};

/** The gateway answers within 5 s; one second more, so that its own explanation arrives first. */
const placeDeadlineMs = 6000;
/** Twice is enough: a token that the gateway refuses again is not one that was merely stale. */
const attempts = 2;

/** Client of the public API (contracts/http/apis.ts, `gateway`), with the console's own token. Throws AppErrors. */
export function gatewaySource({ url, token }: { url: string; token: TokenSource }) {
  const at = async (signal?: AbortSignal) => ({ process: 'gateway', baseUrl: url, token: await token(), signal });
  return {
    products: async (signal?: AbortSignal) => callRoute(listProducts, await at(signal)),
    search: async (q: string, limit: number, signal?: AbortSignal) =>
      callRoute(searchProducts, { ...(await at(signal)), query: { q, limit } }),
    /** The same key and draft give the same order, however often they are sent. */
    place: async (draft: OrderDraft, idempotencyKey: string, signal?: AbortSignal) => {
      const call = async () =>
        callRoute(placeOrder, {
          ...(await at(signal)),
          headers: { 'Idempotency-Key': idempotencyKey },
          body: draft,
          deadlineMs: placeDeadlineMs,
        });
      return again(call, attempts);
    },
    /** The order as its owner holds it: known at once, while history may be a moment behind. */
    order: async (id: string, signal?: AbortSignal) => callRoute(getOrder, { ...(await at(signal)), params: { id } }),
    cancel: async (id: string, signal?: AbortSignal) =>
      callRoute(cancelOrder, { ...(await at(signal)), params: { id } }),
    saga: async (id: string, signal?: AbortSignal) => callRoute(getSaga, { ...(await at(signal)), params: { id } }),
    payments: async (orderId: string, signal?: AbortSignal) =>
      callRoute(listPayments, { ...(await at(signal)), query: { orderId, limit: 1 } }),
    mails: async (orderId: string, signal?: AbortSignal) =>
      callRoute(listMail, { ...(await at(signal)), query: { orderId, limit: 10 } }),
    /** The PDF, its body still flowing. */
    invoice: async (orderId: string, signal?: AbortSignal) => {
      const { process, token: bearer } = await at(signal);
      const path = routePath(getInvoicePdf, { params: { orderId } });
      return send({ process, url: `${url}${path}`, token: bearer, signal, deadlineMs: 10_000 });
    },
  };
}

/** Repeats after a lost connection only: the idempotency key makes that safe, and only the key's owner knows better. */
async function again<T>(call: () => Promise<T>, times: number): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (times > 1 && isAppError(error, 'unavailable') && error.retryAfterSeconds === null)
      return again(call, times - 1);
    throw error;
  }
}
