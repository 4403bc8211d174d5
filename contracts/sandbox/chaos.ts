import { z } from 'zod';
import { Instant } from '../ids.ts';
import { defaultTtlMs, leastTtlMs, mostTtlMs } from './chaos-limits.ts';

/**
 * Faults on purpose: the part of the supervisor's control API below `/v1/chaos`, with its token.
 *
 * | request | answer |
 * |---|---|
 * | GET /v1/chaos | ChaosState |
 * | GET /v1/chaos/catalogue | FaultDescription[] |
 * | GET /v1/chaos/stream | SSE: `event: chaos` ChaosState first and on every change, at most twice a second |
 * | POST /v1/chaos/faults | FaultOrder → FaultRun (201); 409 while another fault is on the target or all are stopped |
 * | GET, DELETE /v1/chaos/faults/:id | FaultRun; DELETE begins to revert it (202), or tries again |
 * | POST /v1/chaos/stop-all | { reason } → ChaosState: every fault is reverted and none can be armed until release |
 * | POST /v1/chaos/release | ChaosState |
 */
export const FaultState = z
  .enum(['armed', 'biting', 'reverting', 'reverted', 'revert-failed'])
  .describe(
    'armed: no hit yet. biting: it has hit. reverted: verified by a probe. revert-failed: see reason, stop again',
  );
export type FaultState = z.infer<typeof FaultState>;

/** What the guide's chapters are about; the console groups the catalogue by it. */
export const FaultTopic = z.enum(['network', 'process', 'crash-point', 'infrastructure', 'application']);
export type FaultTopic = z.infer<typeof FaultTopic>;

export const FaultParameter = z.object({
  name: z.string(),
  description: z.string(),
  type: z.enum(['integer', 'number', 'choice', 'text']),
  default: z.union([z.number(), z.string()]),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  choices: z.array(z.string()).describe('Of a choice; otherwise empty'),
});
export type FaultParameter = z.infer<typeof FaultParameter>;

export const FaultTarget = z.object({
  id: z.string().describe('Name of a process, or of an edge: from-to-protocol'),
  label: z.string(),
  touches: z.array(z.string()).describe('Processes that feel it at once: the blast radius'),
  defaults: z
    .record(z.string(), z.union([z.number(), z.string()]))
    .optional()
    .describe('Parameters that have another default here than elsewhere'),
});
export type FaultTarget = z.infer<typeof FaultTarget>;

export const FaultDescription = z.object({
  name: z.string(),
  code: z.string().describe('Number in the catalogue of faults, F-09'),
  title: z.string(),
  topic: FaultTopic,
  mechanism: z.string().describe('What is done, and by whom'),
  expect: z.string().describe('What should be seen while it is on'),
  threatens: z.array(z.string()).describe('Invariants that must hold all the same'),
  parameters: z.array(FaultParameter),
  targets: z.array(FaultTarget),
  here: z.string().optional().describe('What is different about it in this world'),
});
export type FaultDescription = z.infer<typeof FaultDescription>;

export const FaultOrder = z.strictObject({
  fault: z.string().max(100).describe('Name from the catalogue'),
  target: z.string().max(200),
  parameters: z.record(z.string(), z.unknown()).default({}),
  ttlMs: z.int().min(leastTtlMs).max(mostTtlMs).default(defaultTtlMs).describe('Ends by itself after this long'),
  seed: z.string().max(100).default('orrery').describe('Same seed, same decisions'),
});
export type FaultOrder = z.input<typeof FaultOrder>;

export const FaultRun = z.object({
  id: z.string(),
  fault: z.string(),
  code: z.string(),
  title: z.string(),
  target: z.string(),
  touches: z.array(z.string()),
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  seed: z.string(),
  ttlMs: z.int(),
  state: FaultState,
  hits: z
    .int()
    .describe(
      'What the injector has touched: chunks, connections, processes, messages; traces where it does not count',
    ),
  uncounted: z
    .literal(true)
    .optional()
    .describe('Its injector counts nothing: hits are the marked traces that were found by then, and may be too few'),
  armedAt: Instant,
  bitesSince: Instant.optional().describe('The last look that found no hit; absent before the first'),
  expiresAt: Instant,
  endedAt: Instant.nullable(),
  endedBy: z
    .enum(['lease', 'user', 'stop-all', 'itself', 'injector-gone', 'restart'])
    .nullable()
    .describe('itself: what it does is done. injector-gone: it ended with the process that held it'),
  revertMs: z.int().nullable().describe('From the decision to end it to the probe that found it gone'),
  reason: z.string().nullable().describe('Why the revert could not be verified'),
});
export type FaultRun = z.infer<typeof FaultRun>;

export const ChaosState = z.object({
  stopped: z.object({ at: Instant, reason: z.string() }).nullable().describe('Set while no fault may be armed'),
  faults: z.array(FaultRun).describe('Newest first: all that are on, and the last hundred that were'),
});
export type ChaosState = z.infer<typeof ChaosState>;

export const StopAllOrder = z.strictObject({
  reason: z.string().trim().min(1).max(200).default('stopped by hand'),
});
