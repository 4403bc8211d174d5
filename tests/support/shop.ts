import { randomUUID } from 'node:crypto';
import type { OrderUpdate } from '#contracts/http/history.ts';
import { type Order, type OrderCreate, terminalStatuses } from '#contracts/http/orders.ts';
import { customers } from '#contracts/seed/customers.ts';
import type { Fleet } from './fleet.ts';
import { until } from './until.ts';

type OrderView = OrderUpdate['order'];
type Timeline = { order: OrderView; timeline: OrderUpdate['entry'][] };
export type Answer = { status: number; headers: Headers; body: Record<string, unknown> };

/** A customer at the gateway: places orders as the command line does, with a token of its own. */
export type Shop = {
  request: (
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ) => Promise<Answer>;
  place: (order: Partial<OrderCreate>, key?: string) => Promise<Answer>;
  /** Places an order that must be accepted; its id. */
  placed: (order?: Partial<OrderCreate>) => Promise<string>;
  /** The order and its events once it is confirmed or cancelled. */
  finished: (orderId: string, withinMs?: number) => Promise<Timeline>;
};

export const basket = [{ sku: 'LAMP-001', qty: 1 }];

export async function openShop(fleet: Fleet): Promise<Shop> {
  const token = await clientToken(fleet);
  const request: Shop['request'] = async (method, path, { body, headers = {} } = {}) => {
    const response = await fetch(fleet.state().endpoints.gateway + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  };
  const place: Shop['place'] = (order, key = randomUUID()) =>
    request('POST', '/orders', {
      body: { customerId: customers[1]?.id, items: basket, ...order },
      headers: { 'idempotency-key': key },
    });

  return {
    request,
    place,
    placed: async (order = {}) => {
      const answer = await place(order);
      if (answer.status !== 202) throw new Error(`order refused: ${answer.status} ${JSON.stringify(answer.body)}`);
      return (answer.body as unknown as Order).id;
    },
    finished: (orderId, withinMs = 30_000) =>
      until(
        `order ${orderId} is finished`,
        async () => {
          const answer = await request('GET', `/orders/${orderId}/timeline`);
          if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
          const found = answer.body as unknown as Timeline;
          return terminalStatuses.includes(found.order.status) ? found : null;
        },
        { withinMs },
      ),
  };
}

/** Access token of the command-line client (role operator). */
export async function clientToken(fleet: Fleet): Promise<string> {
  const response = await fetch(`${fleet.state().endpoints.identity}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`cli:${fleet.secrets().clients.cli}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(10_000),
  });
  const body = (await response.json()) as { access_token?: string };
  if (!body.access_token) throw new Error(`no token: ${response.status} ${JSON.stringify(body)}`);
  return body.access_token;
}
