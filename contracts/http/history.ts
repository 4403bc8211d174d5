import { z } from 'zod';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { CancelReason, OrderLine, OrderStatus, SagaStyle } from './orders.ts';
import { defineRoute } from './route.ts';

/** The denormalised view of an order, folded from events (CQRS read side). */
export const OrderView = z.object({
  id: Uuid,
  customerId: Uuid,
  status: OrderStatus,
  sagaId: Uuid,
  sagaStyle: SagaStyle,
  lines: z.array(OrderLine),
  total: Money,
  cancelReason: CancelReason.nullable(),
  fraudScore: z.number().nullable(),
  reservationId: Uuid.nullable(),
  chargeId: z.string().nullable(),
  invoiceNumber: z.string().nullable(),
  notifications: z.int(),
  refundId: z.string().nullable().default(null),
  stuckSince: Instant.nullable().default(null).describe('Since when undoing makes no progress'),
  traceId: z.string().nullable().describe('Trace of the request that placed it'),
  createdAt: Instant,
  updatedAt: Instant.describe('When the last event happened'),
  finishedAt: Instant.nullable().describe('When it became confirmed or cancelled'),
});
export type OrderView = z.infer<typeof OrderView>;

/** One event of an order as history stored it. */
export const TimelineEntry = z.object({
  messageId: Uuid,
  event: z.string(),
  version: z.string(),
  producer: z.string(),
  causationId: Uuid.nullable(),
  occurredAt: Instant,
  receivedAt: Instant,
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  traceparent: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const listOrders = defineRoute({
  method: 'GET',
  path: '/orders',
  summary: 'Orders, newest first',
  query: z.object({
    status: OrderStatus.optional(),
    customerId: Uuid.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
    before: Uuid.optional().describe('Id of the last order of the page before (ids sort by time)'),
  }),
  responses: { 200: z.object({ orders: z.array(OrderView), hasMore: z.boolean() }) },
  roles: ['shopper', 'operator', 'auditor'],
});

export const getTimeline = defineRoute({
  method: 'GET',
  path: '/orders/:id/timeline',
  summary: 'One order and every event of it',
  params: z.object({ id: Uuid }),
  responses: { 200: z.object({ order: OrderView, timeline: z.array(TimelineEntry) }) },
  roles: ['shopper', 'operator', 'auditor'],
});

/** What `GET /stream` sends as `event: order`: the view after an event and the event itself, right after history committed it. */
export const OrderUpdate = z.object({ order: OrderView, entry: TimelineEntry });
export type OrderUpdate = z.infer<typeof OrderUpdate>;

export const streamOrders = defineRoute({
  method: 'GET',
  path: '/stream',
  summary: 'Server-sent events: `event: order` OrderUpdate; `id` is the stream position, resumable by Last-Event-ID',
  query: z.object({ orderId: Uuid.optional() }),
  responses: { 200: null },
  roles: ['operator', 'auditor'],
});

export const OrderStats = z.object({ total: z.int(), byStatus: z.record(z.string(), z.int()) });
export const orderStats = defineRoute({
  method: 'GET',
  path: '/stats',
  summary: 'Orders by status',
  responses: { 200: OrderStats },
  roles: ['operator', 'auditor'],
});
