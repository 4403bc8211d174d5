import { z } from 'zod';
import { Instant, Sku, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { defineRoute } from './route.ts';

export const OrderItem = z.object({
  sku: Sku,
  qty: z.int().min(1).max(1000).describe('Whole pieces'),
});
export type OrderItem = z.infer<typeof OrderItem>;

/**
 * How the customer pays. Tokens stand for cards, as a provider's test mode has them: `tok_visa` succeeds,
 * `tok_declined`, `tok_insufficient_funds` and `tok_expired` are declined, `tok_slow` answers late, `tok_flaky`
 * fails at first.
 */
export const PaymentMethod = z.object({
  token: z.enum(['tok_visa', 'tok_declined', 'tok_insufficient_funds', 'tok_expired', 'tok_slow', 'tok_flaky']),
});
export type PaymentMethod = z.infer<typeof PaymentMethod>;

export const OrderCreate = z
  .object({
    customerId: Uuid.describe('A shopper may only order for themselves'),
    items: z
      .array(OrderItem)
      .min(1)
      .max(50)
      .refine((items) => new Set(items.map((item) => item.sku)).size === items.length, 'each SKU may appear once'),
    payment: PaymentMethod.default({ token: 'tok_visa' }),
  })
  .strict();
export type OrderCreate = z.infer<typeof OrderCreate>;

/** Where an order is. `confirmed` and `cancelled` are terminal. */
export const OrderStatus = z.enum([
  'created',
  'screened',
  'reserved',
  'paid',
  'confirmed',
  'compensating',
  'cancelled',
]);
export type OrderStatus = z.infer<typeof OrderStatus>;
export const terminalStatuses: readonly OrderStatus[] = ['confirmed', 'cancelled'];

export const CancelReason = z.enum(['fraud_suspected', 'out_of_stock', 'payment_failed']);
export type CancelReason = z.infer<typeof CancelReason>;

export const OrderLine = OrderItem.extend({
  name: z.string(),
  unitPrice: Money,
  lineTotal: Money,
});
export type OrderLine = z.infer<typeof OrderLine>;

export const Order = z.object({
  id: Uuid,
  customerId: Uuid,
  status: OrderStatus,
  version: z.int().min(1).describe('Gapless version of the aggregate'),
  sagaId: Uuid,
  sagaStyle: z.enum(['choreography', 'orchestration']),
  lines: z.array(OrderLine),
  total: Money,
  quoteId: Uuid,
  payment: PaymentMethod,
  cancelReason: CancelReason.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Order = z.infer<typeof Order>;

export const placeOrder = defineRoute({
  method: 'POST',
  path: '/orders',
  summary: 'Place an order',
  description:
    'Accepted means stored: the order will reach confirmed or cancelled. Repeating the call with the same Idempotency-Key and body gives the same answer; with another body 422.',
  headers: z.object({ 'idempotency-key': z.string().min(8).max(128).describe('Chosen by the client, one per intent') }),
  body: OrderCreate,
  responses: { 202: Order },
  roles: ['shopper', 'operator'],
});

export const getOrder = defineRoute({
  method: 'GET',
  path: '/orders/:id',
  summary: 'The order as its owner holds it',
  params: z.object({ id: Uuid }),
  responses: { 200: Order },
  roles: ['shopper', 'operator', 'auditor'],
});
