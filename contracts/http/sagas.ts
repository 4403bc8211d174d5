import { z } from 'zod';
import { requests } from '../events/requests.ts';
import { Instant, Uuid } from '../ids.ts';
import { CancelReason, SagaStyle } from './orders.ts';
import { defineRoute } from './route.ts';

/** What a step is to the saga: it can be undone, it decides, or it must succeed in the end. */
export const SagaStepKind = z.enum(['compensatable', 'pivot', 'retriable']);
export type SagaStepKind = z.infer<typeof SagaStepKind>;

export const SagaStepState = z.enum(['pending', 'running', 'done', 'failed', 'undoing', 'undone']);
export type SagaStepState = z.infer<typeof SagaStepState>;

export const SagaStep = z.object({
  name: z.string(),
  service: z.string().describe('Process that does it'),
  kind: SagaStepKind,
  state: SagaStepState,
  attempts: z.int().describe('Commands sent for what it is at now (doing or undoing)'),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  deadlineAt: Instant.nullable().describe('When the present try is given up'),
});
export type SagaStep = z.infer<typeof SagaStep>;

/** `running`: going forward. `compensating`: going back. `completed` and `cancelled`: nothing more will happen. */
export const SagaPhase = z.enum(['running', 'compensating', 'completed', 'cancelled']);
export type SagaPhase = z.infer<typeof SagaPhase>;

/** An order's saga as orders holds it. In a choreography nobody holds its steps: the list is empty. */
export const OrderSaga = z.object({
  orderId: Uuid,
  sagaId: Uuid,
  style: SagaStyle,
  phase: SagaPhase,
  reason: CancelReason.nullable(),
  stuckSince: Instant.nullable(),
  steps: z.array(SagaStep),
  timers: z
    .array(z.object({ name: z.string(), attempt: z.int(), firesAt: Instant }))
    .describe('Durable timers not yet fired'),
});
export type OrderSaga = z.infer<typeof OrderSaga>;

export const getSaga = defineRoute({
  method: 'GET',
  path: '/orders/:id/saga',
  summary: 'The saga of an order: steps, tries, deadlines, timers',
  params: z.object({ id: Uuid }),
  responses: { 200: OrderSaga },
  errors: { not_found: 'There is no such order, or it is somebody else’s' },
  roles: ['shopper', 'operator', 'auditor'],
});

export const describePayment = defineRoute({
  method: 'GET',
  path: '/orders/:id/payment',
  summary: 'The payment of an order, as billing describes it',
  description:
    'Asked over the bus (request/reply with a reply topic and a correlation id), as an example of that. 504 when billing does not answer in time.',
  params: z.object({ id: Uuid }),
  responses: { 200: requests['billing.describe_payment'].reply },
  errors: {
    not_found: 'There is no such order, or it is somebody else’s',
    deadline_exceeded: 'Billing did not answer in time',
  },
  roles: ['shopper', 'operator', 'auditor'],
});
