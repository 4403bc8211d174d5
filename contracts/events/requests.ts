import { z } from 'zod';
import { Problem } from '../errors.ts';
import { Payment } from '../http/billing.ts';
import { Instant, Uuid } from '../ids.ts';
import { Traceparent } from './envelope.ts';

/** Topics of questions, by who answers them. */
export const requestTopics = { billing: 'billing.requests' } as const;
/** Topics of answers, by who asked. A question may name one of these and no other. */
export const replyTopics = { orders: 'orders.replies' } as const;

export type RequestTopic = (typeof requestTopics)[keyof typeof requestTopics];
export type ReplyTopic = (typeof replyTopics)[keyof typeof replyTopics];

/**
 * Questions over the bus. Unlike events and commands they change nothing: they are sent past the outbox, kept for
 * nobody, and one that is lost shows as a timeout of the asker.
 */
export const requests = {
  'billing.describe_payment': {
    topic: requestTopics.billing,
    version: '1.0.0',
    data: z.object({ orderId: Uuid }),
    reply: z.object({ payment: Payment.omit({ ledger: true }).nullable().describe('null: billing has heard of none') }),
    description: 'What has become of the money of an order',
  },
} as const;

export type RequestName = keyof typeof requests;
export type RequestData<N extends RequestName> = z.infer<(typeof requests)[N]['data']>;
export type ReplyData<N extends RequestName> = z.infer<(typeof requests)[N]['reply']>;

export const RequestEnvelope = z.object({
  request: z.enum(Object.keys(requests) as [RequestName, ...RequestName[]]),
  version: z.string(),
  data: z.record(z.string(), z.unknown()),
  metadata: z.object({
    id: Uuid.describe('Correlation id: the answer carries it'),
    replyTo: z.enum(Object.values(replyTopics) as [ReplyTopic, ...ReplyTopic[]]),
    deadline: Instant.describe('Nobody waits for an answer after that'),
    requester: z.string(),
    traceparent: Traceparent.optional(),
  }),
});
export type RequestEnvelope = z.infer<typeof RequestEnvelope>;

export const ReplyEnvelope = z.object({
  request: z.string(),
  data: z.record(z.string(), z.unknown()).nullable().describe('null when there is a problem'),
  problem: Problem.pick({ code: true, detail: true }).nullable(),
  metadata: z.object({
    correlationId: Uuid,
    replier: z.string(),
    traceparent: Traceparent.optional(),
  }),
});
export type ReplyEnvelope = z.infer<typeof ReplyEnvelope>;
