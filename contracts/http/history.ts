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
  errors: { not_found: 'No event of such an order has arrived yet, or it is somebody else’s' },
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
  media: { type: 'text/event-stream', events: { order: OrderUpdate } },
  answerHeaders: {
    'cache-control': '`no-store`',
    'x-accel-buffering': '`no`: a proxy in between must pass on what it has',
  },
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

/** Steps of a saga that are counted, in the order of the happy path, then of its undoing. */
export const SagaStepName = z.enum([
  ...['created', 'screened', 'reserved', 'paid', 'confirmed', 'committed', 'invoiced', 'notified'],
  ...['compensating', 'released', 'refunded', 'cancelled', 'apologised'],
] as const);
export type SagaStepName = z.infer<typeof SagaStepName>;

export const SagaStepStats = z.object({
  step: SagaStepName,
  reached: z.int().describe('Sagas that took the step'),
  failed: z.int().describe('Sagas that broke off at it'),
  p50Ms: z.number().nullable().describe('From the end of what it waits for; null while nobody took it'),
  p95Ms: z.number().nullable(),
  maxMs: z.number().nullable(),
});
export type SagaStepStats = z.infer<typeof SagaStepStats>;

/** Where a saga is that has not ended. `waiting`: running, and nothing has been heard of it for a while. */
export const OpenSagaState = z.enum(['running', 'waiting', 'compensating', 'stuck']);
export type OpenSagaState = z.infer<typeof OpenSagaState>;

export const SagaStyleStats = z.object({
  style: SagaStyle,
  sagas: z.int(),
  running: z.int().describe('Going forward and heard of lately'),
  waiting: z.int(),
  compensating: z.int(),
  stuck: z.int(),
  confirmed: z.int(),
  cancelled: z.int(),
  messages: z.int().describe('Events and commands of them all'),
  p50Ms: z.number().nullable().describe('From placed to confirmed'),
  p95Ms: z.number().nullable(),
  steps: z.array(SagaStepStats),
  reasons: z.array(z.object({ reason: CancelReason, sagas: z.int() })).describe('Why they were cancelled'),
});
export type SagaStyleStats = z.infer<typeof SagaStyleStats>;

export const SagaStats = z.object({
  windowSeconds: z.int(),
  waitingAfterMs: z.int().describe('Silence after which a running saga counts as waiting'),
  capped: z.boolean().describe('There were more sagas in the window than are counted; the newest are'),
  styles: z.array(SagaStyleStats).describe('Every style, also one without a saga'),
});
export type SagaStats = z.infer<typeof SagaStats>;

export const sagaStats = defineRoute({
  method: 'GET',
  path: '/sagas/stats',
  summary: 'Sagas by state, conversion and time per step, by style',
  query: z.object({
    windowSeconds: z.coerce.number().int().min(60).max(86_400).default(900).describe('Sagas that began within it'),
  }),
  responses: { 200: SagaStats },
  roles: ['operator', 'auditor'],
});

export const listOpenSagas = defineRoute({
  method: 'GET',
  path: '/sagas',
  summary: 'Orders whose saga has not ended, those that have waited longest first',
  query: z.object({
    state: OpenSagaState.optional(),
    style: SagaStyle.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  responses: {
    200: z.object({ sagas: z.array(z.object({ state: OpenSagaState, order: OrderView })), hasMore: z.boolean() }),
  },
  roles: ['operator', 'auditor'],
});

/** A rebuild of the read model from the beginning of the topics, beside the one that is read. */
export const Rebuild = z.object({
  phase: z
    .enum(['reading', 'aligning', 'swapping', 'done', 'failed'])
    .describe(
      'reading: topics into new tables. aligning: positions of the stream are carried over. swapping: reads wait. done: the new tables are read',
    ),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  read: z.int().describe('Messages read so far'),
  of: z.int().describe('Messages that were there at the start; more may come'),
  unreadable: z.int().describe('Messages among them that are no events'),
  kept: z.int().nullable().describe('Events that the topics no longer hold, taken over from the tables before'),
  restored: z.int().nullable().describe('Events of the topics that the tables before had lost'),
  changedViews: z.int().nullable().describe('Orders that look otherwise than before; 0: nothing had drifted'),
  swapMs: z.number().nullable().describe('How long reads and writes waited'),
  problem: z.string().nullable().describe('Why it failed; the tables before are still read then'),
});
export type Rebuild = z.infer<typeof Rebuild>;

export const ReadModel = z.object({
  orders: z.int(),
  lag: z.int().nullable().describe('Messages in the topics that it has not taken in; null: the broker does not tell'),
  rebuild: Rebuild.nullable().describe('The one that goes on, or the last one since the process started'),
});
export type ReadModel = z.infer<typeof ReadModel>;

export const getReadModel = defineRoute({
  method: 'GET',
  path: '/history',
  summary: 'How far the read model is, and how its rebuild goes',
  responses: { 200: ReadModel },
  roles: ['operator', 'auditor'],
});

export const rebuildReadModel = defineRoute({
  method: 'POST',
  path: '/history/rebuild',
  summary: 'Build the read model anew from the topics',
  description: 'Reads go on meanwhile. 409 while a rebuild goes on.',
  responses: { 202: Rebuild },
  errors: { conflict: 'A rebuild goes on' },
  roles: ['operator'],
});
