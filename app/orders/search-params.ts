import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { OrderStatus } from '#contracts/http/orders.ts';

export const orderStatuses = [
  'created',
  'screened',
  'reserved',
  'paid',
  'confirmed',
  'compensating',
  'cancelled',
] as const satisfies readonly OrderStatus[];

/** State of the list in its URL: filter, and the order whose panel is open. */
export const ordersParsers = {
  status: parseAsStringLiteral(orderStatuses),
  customer: parseAsString,
  order: parseAsString,
};

export const loadOrdersSearch = createLoader(ordersParsers);
