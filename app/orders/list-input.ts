import type { OrderStatus } from '#contracts/http/orders.ts';

export const pageSize = 50;

/** Input of `orders.list` for what the URL filters by: the same on the server and in the browser, as it is a cache key. */
export function listInput({ status, customer }: { status: OrderStatus | null; customer: string | null }) {
  return { limit: pageSize, ...(status ? { status } : {}), ...(customer ? { customerId: customer } : {}) };
}
