import { z } from 'zod';
import { CancelReason, OrderLine, PaymentMethod, SagaStyle } from '../http/orders.ts';
import { DeclineCode } from '../http/payments.ts';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { commands } from './commands.ts';
import { ConfirmedOrder, PayableOrder } from './order-data.ts';
import { type TopicName, topics } from './topics.ts';

/** Which style the order's saga has; absent means choreography. In an orchestration nobody reacts to the event itself. */
const sagaStyle = SagaStyle.optional();

export const OrderCreated = PayableOrder.extend({
  lines: z.array(OrderLine).min(1),
  quoteId: Uuid,
  quoteSignature: z.string().describe('HMAC of pricing over the quote, base64url'),
  sagaStyle: SagaStyle,
  paymentDueAt: Instant.optional(),
  createdAt: Instant,
});

export const OrderScreened = PayableOrder.extend({
  score: z.number().min(0).max(1),
  decision: z.enum(['accept', 'reject']),
  model: z.string(),
  reasons: z.array(z.string()),
  sagaStyle,
});

export const InventoryReserved = PayableOrder.extend({ reservationId: Uuid, reservedAt: Instant, sagaStyle });

export const Shortage = z.object({ sku: z.string(), requested: z.int(), available: z.int() });
export const InventoryRejected = z.object({ orderId: Uuid, shortages: z.array(Shortage).min(1) });
export const InventoryReleased = z.object({
  orderId: Uuid,
  reservationId: Uuid.nullable().describe('null when nothing had been reserved (tombstone)'),
  reason: z.string(),
  expired: z.boolean().optional().describe('It ran out before the saga had decided; absent: it was taken back'),
});
export const InventoryCommitted = z.object({ orderId: Uuid, reservationId: Uuid, sagaStyle });

export const PaymentSucceeded = z.object({ orderId: Uuid, paymentId: Uuid, chargeId: z.string(), amount: Money });
export const PaymentFailed = z.object({
  orderId: Uuid,
  paymentId: Uuid,
  declineCode: DeclineCode,
  amount: Money,
  sagaStyle,
});
export const PaymentVoided = z.object({ orderId: Uuid, paymentId: Uuid, reason: CancelReason });
export const PaymentRefunded = z.object({
  orderId: Uuid,
  paymentId: Uuid,
  chargeId: z.string(),
  refundId: z.string(),
  amount: Money,
  reason: CancelReason,
});

export const OrderConfirmed = ConfirmedOrder.extend({ sagaStyle });
export const OrderCancellationRequested = z.object({
  orderId: Uuid,
  requestedBy: z.enum(['customer', 'staff']),
});
export const OrderTimedOut = z.object({
  orderId: Uuid,
  timer: z
    .string()
    .describe('`payment`: not paid in time; `compensation`: undoing takes long; else the step of the saga that waited'),
  attempt: z.int().min(1).describe('Try of the step that this deadline belonged to'),
  dueAt: Instant.describe('When the timer was set for; it may be told later'),
});
export const OrderCompensating = z.object({
  orderId: Uuid,
  reason: CancelReason,
  customerId: Uuid.optional(),
  total: Money.optional(),
  payment: PaymentMethod.optional(),
  attempt: z.int().min(1).optional().describe('Told again when undoing takes long; participants absorb the repeat'),
  sagaStyle,
});
export const OrderCompensationStuck = z.object({
  orderId: Uuid,
  reason: CancelReason,
  waitingFor: z.array(z.enum(['inventory', 'billing'])).describe('Who has not said that its part is undone'),
  attempts: z.int(),
  runbook: z.string().describe('Path of the page that says what to do'),
});
export const OrderCancelled = z.object({
  orderId: Uuid,
  customerId: Uuid,
  total: Money,
  reason: CancelReason,
  detail: z.string().describe('One sentence for the customer'),
  cancelledAt: Instant,
  sagaStyle,
});

export const InvoiceIssued = z.object({
  orderId: Uuid,
  invoiceNumber: z.string(),
  sizeBytes: z.int(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .describe('Fingerprint of the PDF, hex; null for what version 1 announced'),
  sagaStyle,
});
export const NotificationSent = z.object({
  orderId: Uuid,
  mailId: Uuid,
  kind: z.enum(['order_confirmed', 'order_cancelled']),
  sagaStyle,
});

export type EventDefinition = { topic: TopicName; version: string; data: z.ZodObject; description: string };

/**
 * Every message: its topic, current version and schema. JSON Schemas in `schemas/` are rendered from it and held
 * BACKWARD compatible by a contract test: fields are only ever added as optional, anything else is a new major version.
 */
export const events = {
  'order.created': {
    topic: topics.orders,
    version: '1.1.0',
    data: OrderCreated,
    description: 'An order was accepted and priced',
  },
  'order.screened': {
    topic: topics.orders,
    version: '1.1.0',
    data: OrderScreened,
    description: 'The fraud check has decided',
  },
  'order.cancellation_requested': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderCancellationRequested,
    description: 'Somebody wants the order undone',
  },
  'order.timed_out': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderTimedOut,
    description: 'A deadline of the order has passed; whether it still matters is for the reader to check',
  },
  'order.compensation_stuck': {
    topic: topics.orders,
    version: '1.0.0',
    data: OrderCompensationStuck,
    description: 'Undoing makes no progress; it goes on, and somebody should look',
  },
  'order.compensating': {
    topic: topics.orders,
    version: '1.1.0',
    data: OrderCompensating,
    description: 'The order failed and completed steps are being undone',
  },
  'order.confirmed': {
    topic: topics.orders,
    version: '1.1.0',
    data: OrderConfirmed,
    description: 'The order is paid and final',
  },
  'order.cancelled': {
    topic: topics.orders,
    version: '1.1.0',
    data: OrderCancelled,
    description: 'The order ended without a sale',
  },
  'inventory.reserved': {
    topic: topics.inventory,
    version: '1.1.0',
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
    version: '1.1.0',
    data: InventoryReleased,
    description: 'The promise was taken back',
  },
  'inventory.committed': {
    topic: topics.inventory,
    version: '1.1.0',
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
    version: '1.1.0',
    data: PaymentFailed,
    description: 'The card was declined',
  },
  'payment.voided': {
    topic: topics.billing,
    version: '1.0.0',
    data: PaymentVoided,
    description: 'Nothing was charged and nothing will be',
  },
  'payment.refunded': {
    topic: topics.billing,
    version: '1.0.0',
    data: PaymentRefunded,
    description: 'The charge was given back',
  },
  'invoice.issued': {
    topic: topics.workers,
    version: '2.0.0',
    data: InvoiceIssued,
    description: 'The invoice PDF exists',
  },
  'notification.sent': {
    topic: topics.workers,
    version: '1.1.0',
    data: NotificationSent,
    description: 'The customer was told',
  },
  ...commands,
} as const satisfies Record<string, EventDefinition>;

export type EventName = keyof typeof events;
export type EventData<N extends EventName> = z.infer<(typeof events)[N]['data']>;
