import { z } from 'zod';
import { Instant } from '../ids.ts';

/**
 * Control channel of a service, on its own HTTP port, `Authorization: Bearer <AGENT_TOKEN>`. The supervisor answers the
 * same below `/v1/processes/:name/…`, and all services' patterns at once as `GET /v1/patterns`. Never behind the gateway.
 *
 * | request | answer |
 * |---|---|
 * | GET /control/v1/patterns | PatternStatus[] |
 * | PUT /control/v1/patterns/:pattern | { enabled } → PatternStatus; 404 for one that this service has not |
 * | GET /control/v1/parked | ParkedKey[]: keys that wait to be tried again or for somebody's decision, the longest first |
 * | POST /control/v1/parked/replay | ReplayOrder → ParkedKey, on its way (202) |
 * | GET /control/v1/failpoints | FailpointStatus[], armed or not |
 * | PUT /control/v1/failpoints/:failpoint | FailpointOrder → FailpointStatus |
 * | DELETE /control/v1/failpoints/:failpoint | FailpointStatus, disarmed |
 */
export const PatternName = z.enum([
  'outbox',
  'inbox',
  'idempotency-key',
  'retry',
  'retry-budget',
  'circuit-breaker',
  'bulkhead',
  'timeout',
  'rate-limit',
  'fallback',
  'retry-topic',
  'dead-letter',
  'dependency-pause',
  'graceful-drain',
  'backpressure',
]);
export type PatternName = z.infer<typeof PatternName>;

export const Fact = z.union([z.number(), z.string(), z.boolean(), z.null()]);

export const PatternPart = z.object({
  name: z.string().describe('What the pattern guards here: an upstream, a topic, a route'),
  facts: z.record(z.string(), Fact).describe('Figures by name; units are in the names'),
});
export type PatternPart = z.infer<typeof PatternPart>;

export const PatternStatus = z.object({
  pattern: PatternName,
  description: z.string().describe('What it does here, in one sentence'),
  enabled: z.boolean(),
  offSince: Instant.nullable(),
  switchable: z.boolean().describe('Whether it may be switched off for teaching'),
  threatens: z.array(z.string()).describe('Invariants (docs: faults and invariants) that may break while it is off'),
  parts: z.array(PatternPart),
});
export type PatternStatus = z.infer<typeof PatternStatus>;

export const PatternSwitch = z.object({ enabled: z.boolean() });

/** `GET /v1/patterns` of the supervisor: one entry per running service; `patterns` is null when it did not answer. */
export const ServicePatterns = z.object({
  service: z.string(),
  patterns: z.array(PatternStatus).nullable(),
  reason: z.string().nullable().describe('Why there are none'),
});
export type ServicePatterns = z.infer<typeof ServicePatterns>;

/** `GET /v1/patterns/off` of the supervisor: what is switched off now, in any service. Cheap while nothing is. */
export const SwitchedOff = z.object({ service: z.string(), pattern: PatternName, offSince: Instant });
export type SwitchedOff = z.infer<typeof SwitchedOff>;

/** A key whose messages a consumer could not handle, with those that wait behind the first. */
export const ParkedKey = z.object({
  consumer: z.string(),
  key: z.string().describe('Mostly an order id'),
  messages: z.int().describe('Waiting, the first one included'),
  event: z.string().nullable().describe('Of the first; null when nobody could read it'),
  position: z.string().describe('topic/partition/offset of the first'),
  reason: z.string().describe('invalid, failed or key_parked'),
  error: z.string(),
  parkedAt: Instant,
  replayingSince: Instant.nullable().describe('The first is on its way through the retry topic'),
  attempts: z.int().describe('Tries of the first before it was set aside, and those of the retry tiers'),
  dueAt: Instant.nullable().describe('The first waits in a retry tier until then; null when somebody must decide'),
});
export type ParkedKey = z.infer<typeof ParkedKey>;

/** Sends the first message of a parked key to the consumer's own retry topic; each that succeeds sends the next. */
export const ReplayOrder = z.object({ consumer: z.string().min(1).max(200), key: z.string().min(1).max(1_000) });
export type ReplayOrder = z.infer<typeof ReplayOrder>;

/**
 * Places in the code where a process can be made to die, fail or wait, exactly there.
 *
 * | failpoint | is reached |
 * |---|---|
 * | outbox.after_commit | the state change is committed, its message not yet published |
 * | outbox.after_ack | the broker has acknowledged, the outbox row is not yet marked |
 * | consumer.after_commit | the handler is committed, its offset not yet |
 * | billing.after_charge | the provider has charged, nothing is recorded here |
 * | saga.compensating | a saga has begun to undo, its next compensation is committed and not yet sent |
 */
export const FailpointName = z.enum([
  'outbox.after_commit',
  'outbox.after_ack',
  'consumer.after_commit',
  'billing.after_charge',
  'saga.compensating',
]);
export type FailpointName = z.infer<typeof FailpointName>;

export const FailpointOrder = z.object({
  action: z
    .enum(['kill', 'error', 'delay'])
    .describe('kill: SIGKILL to itself, there. error: throws a retryable failure. delay: waits delayMs'),
  delayMs: z.int().min(1).max(60_000).default(1_000),
  skip: z.int().min(0).max(1_000_000).default(0).describe('Passes that are let through first'),
  times: z.int().min(1).max(1_000_000).default(1).describe('Passes that are hit, then it is disarmed'),
  ttlMs: z.int().min(1).max(900_000).default(60_000).describe('Disarms itself after this long, hit or not'),
  orderId: z.string().nullable().default(null).describe('Only where this order passes'),
  faultId: z.string().max(100).nullable().default(null).describe('Fault of the chaos engine, for the spans it touches'),
});
export type FailpointOrder = z.input<typeof FailpointOrder>;

export const FailpointStatus = z.object({
  failpoint: FailpointName,
  armed: z.boolean(),
  action: z.enum(['kill', 'error', 'delay']).nullable(),
  orderId: z.string().nullable(),
  hits: z.int().describe('Since it was armed last'),
  remaining: z.int().describe('Hits left before it disarms itself'),
  expiresAt: Instant.nullable(),
});
export type FailpointStatus = z.infer<typeof FailpointStatus>;
