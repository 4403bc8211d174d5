import { z } from 'zod';
import { CancelReason, OrderItem, OrderLine, PaymentMethod } from '../http/orders.ts';
import { DeclineCode } from '../http/payments.ts';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { type TopicName, topics } from './topics.ts';

/** What the next step needs travels with the event (event-carried state), so nobody has to ask back. */
const PayableOrder = z.object({
  orderId: Uuid,
  customerId: Uuid,
  items: z.array(OrderItem).min(1),
  total: Money,
  payment: PaymentMethod,
});

export const OrderCreated = PayableOrder.extend({
  lines: z.array(OrderLine).min(1),
  quoteId: Uuid,
  quoteSignature: z.string().describe('HMAC of pricing over the quote, base64url'),
  sagaStyle: z.enum(['choreography', 'orchestration']),
  createdAt: Instant,
});

export const OrderScreened = PayableOrder.extend({
  score: z.number().min(0).max(1),
  decision: z.enum(['accept', 'reject']),
  model: z.string(),
  reasons: z.array(z.string()),
});

export const InventoryReserved = PayableOrder.extend({ reservationId: Uuid, reservedAt: Instant });

export const Shortage = z.object({ sku: z.string(), requested: z.int(), available: z.int() });
export const InventoryRejected = z.object({ orderId: Uuid, shortages: z.array(Shortage).min(1) });
export const InventoryReleased = z.object({
  orderId: Uuid,
  reservationId: Uuid.nullable().describe('null when nothing had been reserved (tombstone)'),
  reason: z.string(),
});
export const InventoryCommitted = z.object({ orderId: Uuid, reservationId: Uuid });

export const PaymentSucceeded = z.object({ orderId: Uuid, paymentId: Uuid, chargeId: z.string(), amount: Money });
export const PaymentFailed = z.object({ orderId: Uuid, paymentId: Uuid, declineCode: DeclineCode, amount: Money });

export const OrderConfirmed = z.object({
  orderId: Uuid,
  customerId: Uuid,
  lines: z.array(OrderLine).min(1),
  total: Money,
  chargeId: z.string(),
  confirmedAt: Instant,
});
export const OrderCompensating = z.object({ orderId: Uuid, reason: CancelReason });
export const OrderCancelled = z.object({
  orderId: Uuid,
  customerId: Uuid,
  total: Money,
  reason: CancelReason,
  detail: z.string().describe('One sentence for the customer'),
  cancelledAt: Instant,
});

export const InvoiceIssued = z.object({ orderId: Uuid, invoiceNumber: z.string(), sizeBytes: z.int() });
export const NotificationSent = z.object({
  orderId: Uuid,
  mailId: Uuid,
  kind: z.enum(['order_confirmed', 'order_cancelled']),
});

type EventDefinition = { topic: TopicName; version: string; data: z.ZodObject; description: string };

/**
 * Every event: its topic, current version and schema. JSON Schemas in `schemas/` are rendered from it and held
 * BACKWARD compatible by a contract test: fields are only ever added as optional, anything else is a new major version.
 */
export const events = {
  'order.created': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderCreated,
    description: 'An order was accepted and priced',
  },
  'order.screened': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderScreened,
    description: 'The fraud check has decided',
  },
  'order.compensating': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderCompensating,
    description: 'The order failed and completed steps are being undone',
  },
  'order.confirmed': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderConfirmed,
    description: 'The order is paid and final',
  },
  'order.cancelled': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderCancelled,
    description: 'The order ended without a sale',
  },
  'inventory.reserved': {
    topic: topics.inventory,
    version: '1.0.0',
    data: InventoryReserved,
    description: 'Stock is promised to the order',
  },
  'inventory.rejected': {
    topic: topics.inventory,
    version: '1.0.0',
    data: InventoryRejected,
    description: 'There is not enough stock',
  },
  'inventory.released': {
    topic: topics.inventory,
    version: '1.0.0',
    data: InventoryReleased,
    description: 'The promise was taken back',
  },
  'inventory.committed': {
    topic: topics.inventory,
    version: '1.0.0',
    data: InventoryCommitted,
    description: 'Reserved stock has left the warehouse',
  },
  'payment.succeeded': {
    topic: topics.billing,
    version: '1.0.0',
    data: PaymentSucceeded,
    description: 'The card was charged',
  },
  'payment.failed': {
    topic: topics.billing,
    version: '1.0.0',
    data: PaymentFailed,
    description: 'The card was declined',
  },
  'invoice.issued': {
    topic: topics.workers,
    version: '1.0.0',
    data: InvoiceIssued,
    description: 'The invoice PDF exists',
  },
  'notification.sent': {
    topic: topics.workers,
    version: '1.0.0',
    data: NotificationSent,
    description: 'The customer was told',
  },
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof events;
export type EventData<N extends EventName> = z.infer<(typeof events)[N]['data']>;
