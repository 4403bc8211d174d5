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

/**
 * Who decides what comes next. `choreography`: each service reacts to the events of the others. `orchestration`: orders
 * runs the saga, sends commands and takes the events as replies. Same events, same end states, same invariants.
 */
export const SagaStyle = z.enum(['choreography', 'orchestration']);
export type SagaStyle = z.infer<typeof SagaStyle>;

/** How long an order waits for its payment unless it says otherwise, milliseconds. */
export const defaultPaymentTimeoutMs = 60_000;
export const longestPaymentTimeoutMs = 600_000;

export const OrderCreate = z
  .object({
    customerId: Uuid.describe('A shopper may only order for themselves'),
    items: z
      .array(OrderItem)
      .min(1)
      .max(50)
      .refine((items) => new Set(items.map((item) => item.sku)).size === items.length, 'each SKU may appear once'),
    payment: PaymentMethod.default({ token: 'tok_visa' }),
    sagaStyle: SagaStyle.optional().describe('Choreography unless this or the header x-saga-style says otherwise'),
    paymentTimeoutMs: z
      .int()
      .min(500)
      .max(longestPaymentTimeoutMs)
      .optional()
      .describe(
        'An order that is not paid by then is cancelled, and a payment that comes later refunded; 60 000 if absent',
      ),
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

export const CancelReason = z.enum([
  'fraud_suspected',
  'out_of_stock',
  'payment_failed',
  'customer_request',
  'payment_timeout',
  'reservation_timeout',
]);
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
  sagaStyle: SagaStyle,
  lines: z.array(OrderLine),
  total: Money,
  quoteId: Uuid,
  payment: PaymentMethod,
  cancelReason: CancelReason.nullable().describe('Set as soon as the order is being undone'),
  paymentDueAt: Instant.describe('Not paid by then: cancelled'),
  stuckSince: Instant.nullable().describe('Since when undoing makes no progress (docs/runbooks/stuck-compensation.md)'),
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
  headers: z.object({
    'idempotency-key': z.string().min(8).max(128).describe('Chosen by the client, one per intent'),
    'x-saga-style': SagaStyle.optional().describe('Same as sagaStyle of the body; 400 when both are there and differ'),
  }),
  body: OrderCreate,
  responses: { 202: Order },
  answerHeaders: { location: 'Path of the order' },
  errors: {
    conflict: 'The answer that belongs to the idempotency key is gone; try again',
    unprocessable: 'The body is not valid, an SKU is not sold, or the idempotency key belongs to another body',
    dependency_failed: 'Pricing sent no usable quote',
    unavailable: 'Prices cannot be had right now; nothing was ordered',
  },
  roles: ['shopper', 'operator'],
});

export const getOrder = defineRoute({
  method: 'GET',
  path: '/orders/:id',
  summary: 'The order as its owner holds it',
  params: z.object({ id: Uuid }),
  responses: { 200: Order },
  errors: { not_found: 'There is no such order, or it is somebody else’s' },
  roles: ['shopper', 'operator', 'auditor'],
});

export const cancelOrder = defineRoute({
  method: 'POST',
  path: '/orders/:id/cancel',
  summary: 'Cancel an order that has not been paid yet',
  description:
    'Accepted means: the order will reach cancelled, with everything undone that had been done, a charge included. Calling it again changes nothing. 409 once the order is confirmed.',
  params: z.object({ id: Uuid }),
  responses: { 202: Order },
  errors: {
    not_found: 'There is no such order, or it is somebody else’s',
    conflict: 'It is paid and cannot be cancelled any more',
  },
  roles: ['shopper', 'operator'],
});
