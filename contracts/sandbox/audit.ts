import { z } from 'zod';
import { Instant, TraceId, Uuid } from '../ids.ts';
import { invariantIds } from './invariant-ids.ts';

/**
 * API of the auditor, HTTP on loopback, `Authorization: Bearer <AUDITOR_TOKEN>`.
 *
 * | request | answer |
 * |---|---|
 * | GET /v1/verdicts | AuditBoard |
 * | GET /v1/verdicts/:id | Verdict |
 * | POST /v1/final | FinalAudit, 202: heal → drain → quiesce → check begins; 409 while one runs |
 * | GET /v1/final | FinalAudit of the newest run, 404 before the first |
 * | GET /v1/stream | SSE: `event: board` AuditBoard, `event: final` FinalAudit; first what is now, then every change |
 */
export const InvariantId = z.enum(invariantIds);
export type InvariantId = z.infer<typeof InvariantId>;

export const InvariantKind = z
  .enum(['safety', 'liveness', 'observability', 'security'])
  .describe('safety: at every observation. liveness: within the deadline once every process runs again');
export type InvariantKind = z.infer<typeof InvariantKind>;

export const VerdictState = z
  .enum(['valid', 'invalid', 'unknown'])
  .describe('unknown: there is not enough evidence, which is never taken for valid');
export type VerdictState = z.infer<typeof VerdictState>;

export const Evidence = z.object({
  count: z.int().min(0),
  of: z.string().describe('What was looked at, plural: `orders`, `ledger entries`'),
});
export type Evidence = z.infer<typeof Evidence>;

/** One thing that happened to the order of a counterexample, as its owner recorded it. */
export const TimelineFact = z.object({
  at: Instant.nullable(),
  kind: z.enum(['row', 'message', 'money', 'client']),
  source: z.string().describe('Database and table, topic, `provider`, or the client history'),
  what: z.string(),
  position: z
    .object({ topic: z.string(), partition: z.int(), offset: z.string() })
    .nullable()
    .describe('Where a message lies'),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type TimelineFact = z.infer<typeof TimelineFact>;

export const Counterexample = z.object({
  subject: z.string().describe('What breaks it: an order id, an SKU, a consumer group'),
  orderId: Uuid.nullable(),
  traceId: TraceId.nullable(),
  problem: z.string().describe('What is wrong, one sentence with the numbers'),
  foundAt: Instant,
  timeline: z.array(TimelineFact).describe('Everything that is known of the order, oldest first'),
});
export type Counterexample = z.infer<typeof Counterexample>;

export const Verdict = z.object({
  id: InvariantId,
  name: z.string(),
  kind: InvariantKind,
  statement: z.string().describe('What must hold, in plain words'),
  deadlineMs: z.int().nullable().describe('T of a liveness invariant'),
  state: VerdictState,
  why: z.string().nullable().describe('Why it is unknown'),
  evidence: z.array(Evidence),
  violations: z.int().describe('How many subjects break it now'),
  counterexample: Counterexample.nullable().describe('The smallest: one subject, while there is a violation'),
  checkedAt: Instant.nullable(),
});
export type Verdict = z.infer<typeof Verdict>;

export const AuditBoard = z.object({
  verdicts: z.array(Verdict),
  coverage: z.object({
    audited: z.int().describe('Orders that were judged since the auditor started'),
    waiting: z.int().describe('Orders that are unfinished, or too fresh to be judged'),
    held: z.int().describe('Orders whose messages are in memory'),
    messages: z.int().describe('Messages read from the topics'),
  }),
  calmSince: Instant.nullable().describe('Since when every process runs; null while one does not: liveness waits'),
  at: Instant,
});
export type AuditBoard = z.infer<typeof AuditBoard>;

export const finalPhases = ['heal', 'drain', 'quiesce', 'check'] as const;
export const FinalPhase = z.object({
  name: z.enum(finalPhases),
  state: z.enum(['waiting', 'running', 'done', 'given-up']),
  detail: z.string().describe('What it waits for, or what it found'),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type FinalPhase = z.infer<typeof FinalPhase>;

/** The strict audit after heal → drain → quiesce. A phase that gives up is told, and the check is made all the same. */
export const FinalAudit = z.object({
  run: z.int().min(1),
  state: z.enum(['running', 'done', 'failed']),
  phases: z.array(FinalPhase),
  verdicts: z.array(Verdict).nullable(),
  problem: z.string().nullable().describe('Why it failed'),
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export type FinalAudit = z.infer<typeof FinalAudit>;

export const FinalRequest = z
  .object({
    timeoutMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(120_000)
      .describe('Longest wait of heal, drain and quiesce together'),
  })
  .strict();
export type FinalRequest = z.infer<typeof FinalRequest>;
