/** The gateway as the load sees it: one attempt per order and no retries, which would blur what happened. */
import { Agent } from 'undici';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { listOrders, OrderView } from '#contracts/http/history.ts';
import { cancelOrder, Order, placeOrder } from '#contracts/http/orders.ts';
import type { PlannedOrder } from './mix.ts';
import { ofCancelStatus, ofError, ofStatus, type Placement } from './placement.ts';
import { type Credentials, createTokenSource } from './token-source.ts';

export type LoadClient = {
  /** Throws `unavailable` when the fleet cannot be reached at all. */
  ready(): Promise<void>;
  /** Never rejects. */
  place(planned: PlannedOrder, idempotencyKey: string, signal: AbortSignal): Promise<Placement>;
  /** Never rejects. */
  cancel(orderId: string, signal: AbortSignal): Promise<Placement>;
  /** Orders older than the id, newest first. */
  orders(before: string, limit: number, signal: AbortSignal): Promise<OrderPage>;
  close(): Promise<void>;
};

const OrderPage = z.object({
  orders: z.array(OrderView.pick({ id: true, status: true, finishedAt: true })),
  hasMore: z.boolean(),
});
export type OrderPage = z.infer<typeof OrderPage>;

const answerWithinMs = 10_000;
const OrderId = Order.pick({ id: true });

export function createLoadClient(
  endpoints: { gateway: string; identity: string },
  credentials: Credentials,
): LoadClient {
  const token = createTokenSource(endpoints.identity, credentials);
  const gateway = new URL(endpoints.gateway);
  // Without a limit of connections: a request that waits here for another one would be the client's delay, not the fleet's.
  const agent = new Agent({ connectTimeout: 3_000, pipelining: 1, keepAliveTimeout: 30_000 });
  const request = async (
    method: 'GET' | 'POST',
    path: string,
    {
      headers = {},
      body = null,
      signal,
    }: { headers?: Record<string, string>; body?: string | null; signal: AbortSignal },
  ) => {
    const authorization = `Bearer ${await token()}`;
    return agent.request({
      origin: gateway.origin,
      path,
      method,
      headers: { authorization, ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
  };
  return {
    async ready() {
      await token();
    },
    async place({ order }, idempotencyKey, signal) {
      try {
        const headers = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
        const body = JSON.stringify(order);
        const answer = await request('POST', placeOrder.path, { headers, body, signal });
        const type = ofStatus(answer.statusCode);
        if (type === 'ok') {
          return { type, httpStatus: answer.statusCode, orderId: OrderId.parse(await answer.body.json()).id };
        }
        return { type, httpStatus: answer.statusCode, error: problemCode(await answer.body.text()) };
      } catch (error) {
        return ofError(error);
      }
    },
    async cancel(orderId, signal) {
      try {
        const answer = await request('POST', cancelOrder.path.replace(':id', orderId), { signal });
        const text = await answer.body.text();
        const type = ofCancelStatus(answer.statusCode);
        return type === 'ok'
          ? { type, httpStatus: answer.statusCode, orderId }
          : { type, httpStatus: answer.statusCode, error: problemCode(text) };
      } catch (error) {
        return ofError(error);
      }
    },
    async orders(before, limit, signal) {
      const answer = await request('GET', `${listOrders.path}?limit=${limit}&before=${before}`, { signal });
      if (answer.statusCode === 200) return OrderPage.parse(await answer.body.json());
      throw new AppError('unavailable', `${answer.statusCode} ${problemCode(await answer.body.text())}`);
    },
    close: () => agent.destroy(),
  };
}

/** The code of a problem document, which is the same for every order that it happens to; else how the text begins. */
function problemCode(text: string): string {
  try {
    return z.object({ code: z.string() }).parse(JSON.parse(text)).code;
  } catch {
    return text.slice(0, 100);
  }
}
