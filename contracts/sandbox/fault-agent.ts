import { z } from 'zod';
import { leastTtlMs, mostTtlMs } from './chaos-limits.ts';

/**
 * Faults inside a service, on its control channel (control-channel.ts says where and with which token):
 *
 * | request | answer |
 * |---|---|
 * | GET /control/v1/faults | AgentStatus[]: what is on now |
 * | PUT /control/v1/faults/:id | AgentOrder → AgentStatus; 409 for an id that is on, 422 for what the service has not |
 * | DELETE /control/v1/faults/:id | { ended }: false when it was not on |
 *
 * The service itself ends a fault after its time, whether or not anybody is left to ask for it.
 */
const only = z.string().max(200).default('');
const share = z.number().min(0).max(1).default(1);

export const AgentFault = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('http-error'),
    only: only.describe('Route, e.g. GET /orders/:id; empty is every route'),
    status: z.enum(['429', '500', '503']),
    share,
  }),
  z.object({
    kind: z.literal('http-delay'),
    only,
    when: z.enum(['before', 'after']).describe('The work: after it, what was done is done and the answer is late'),
    delayMs: z.int().min(1).max(60_000),
    share,
  }),
  z.object({
    kind: z.literal('grpc-error'),
    only: only.describe('Method; empty is every method'),
    code: z.enum(['unavailable', 'deadline_exceeded', 'internal']),
    share,
  }),
  z.object({
    kind: z.literal('slow-consumer'),
    only: only.describe('Event; empty is every event'),
    delayMs: z.int().min(1).max(30_000),
    share,
  }),
  z.object({ kind: z.literal('poison'), only, messages: z.int().min(1).max(1_000) }),
  z.object({
    kind: z.literal('failing'),
    only: z.string().max(200),
    failures: z.int().min(1).max(100),
    as: z.enum(['dependency', 'bug']).default('dependency').describe('What the handler seems to fail of'),
  }),
  z.object({ kind: z.literal('duplicate'), only, copies: z.int().min(1).max(20), share }),
  z.object({
    kind: z.literal('decline'),
    token: z.enum(['tok_declined', 'tok_insufficient_funds', 'tok_expired']),
    leastMinor: z.int().min(0).describe('Only payments of at least this amount, in minor units'),
    share,
  }),
  z.object({ kind: z.literal('block-loop'), blockMs: z.int().min(1).max(10_000), everyMs: z.int().min(10) }),
  z.object({ kind: z.literal('burn-cpu'), threads: z.int().min(1).max(16) }),
  z.object({ kind: z.literal('retry-storm'), only: only.describe('Upstream; empty is every upstream') }),
  z.object({ kind: z.literal('lock-table'), table: z.string().regex(/^[a-z_]+$/) }),
  z.object({ kind: z.literal('hold-connections'), connections: z.int().min(1).max(64) }),
]);
export type AgentFault = z.infer<typeof AgentFault>;
export type AgentFaultKind = AgentFault['kind'];

export const AgentOrder = z.object({
  name: z.string().max(100).describe('Of the fault in the catalogue, for the spans that it touches'),
  fault: AgentFault,
  ttlMs: z.int().min(leastTtlMs).max(mostTtlMs),
  seed: z.string().max(100).describe('Same seed, same decisions'),
});
export type AgentOrder = z.infer<typeof AgentOrder>;

export const AgentStatus = z.object({
  id: z.string(),
  kind: z.string(),
  hits: z.int().describe('What it has touched: requests, messages, payments, blocks'),
});
export type AgentStatus = z.infer<typeof AgentStatus>;
