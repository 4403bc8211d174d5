/** The gateway as a machine client sees it: a token by client credentials, products, orders, views. */
import { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';
import { listProducts, Product } from '#contracts/http/catalogue.ts';
import { getReadModel, listOrders, OrderView, ReadModel, Rebuild, rebuildReadModel } from '#contracts/http/history.ts';
import { Order, type OrderCreate, placeOrder } from '#contracts/http/orders.ts';
import { type Credentials, createTokenSource } from '../../load/token-source.ts';

export type GatewayClient = {
  products(): Promise<Product[]>;
  /** One attempt. `retryAfterMs` is what the gateway asked for, null where it said nothing. */
  place(order: z.input<typeof OrderCreate>, idempotencyKey: string, signal: AbortSignal): Promise<Placed>;
  /** Newest first, a page. */
  orders(before: string | null): Promise<{ orders: OrderView[]; hasMore: boolean }>;
  /** How far history is, and how its rebuild goes. */
  readModel(): Promise<ReadModel>;
  /** Begins a rebuild of history; throws `conflict` while one goes on. */
  rebuild(): Promise<Rebuild>;
};

export type Placed =
  | { outcome: 'accepted'; id: string }
  | { outcome: 'again'; why: string; retryAfterMs: number | null }
  | { outcome: 'refused'; why: string };

export type Endpoints = { gateway: string; identity: string };

export function createGatewayClient(endpoints: Endpoints, credentials: Credentials): GatewayClient {
  const token = createTokenSource(endpoints.identity, credentials);

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${endpoints.gateway}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${await token()}` },
      signal: init.signal ?? AbortSignal.timeout(10_000),
    });
  }

  return {
    async products() {
      const body = await read(await request(listProducts.path));
      return z.object({ items: z.array(Product) }).parse(body).items;
    },
    async orders(before) {
      const query = new URLSearchParams({ limit: '500', ...(before === null ? {} : { before }) });
      const body = await read(await request(`${listOrders.path}?${query}`));
      return z.object({ orders: z.array(OrderView), hasMore: z.boolean() }).parse(body);
    },
    readModel: async () => ReadModel.parse(await read(await request(getReadModel.path))),
    rebuild: async () => Rebuild.parse(await read(await request(rebuildReadModel.path, { method: 'POST' }))),
    async place(order, idempotencyKey, signal) {
      let response: Response;
      try {
        response = await request(placeOrder.path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(order),
          signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
        });
      } catch (error) {
        // Perhaps it was stored and only the answer was lost: the same key finds out.
        return { outcome: 'again', why: reason(error), retryAfterMs: null };
      }
      if (response.status === 202)
        return { outcome: 'accepted', id: Order.pick({ id: true }).parse(await response.json()).id };
      const why = await describeProblem(response);
      const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
      // 409: an earlier attempt with this key is still under way, or died and holds its claim a little longer.
      const again = [409, 429].includes(response.status) || response.status >= 500;
      return again
        ? { outcome: 'again', why, retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1_000 : null }
        : { outcome: 'refused', why };
    },
  };
}

async function read(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  const away = response.status === 429 || response.status >= 500;
  const code = away ? 'unavailable' : response.status === 409 ? 'conflict' : 'internal';
  throw new AppError(code, await describeProblem(response));
}

async function describeProblem(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return `${response.status} ${Problem.parse(JSON.parse(text)).detail}`;
  } catch {
    return `${response.status} ${text.slice(0, 200)}`;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
