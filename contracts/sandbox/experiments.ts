import { z } from 'zod';
import { Instant, TraceId, Uuid } from '../ids.ts';
import { InvariantId, Verdict } from './audit.ts';
import { FaultRun } from './chaos.ts';
import { Experiment, PatternRef, Tolerance } from './experiment-file.ts';
import { experimentOutcomes, experimentPhases } from './experiment-phases.ts';
import { LoadRun } from './load.ts';
import { loadLimits } from './load-limits.ts';

/**
 * Experiments: the part of the supervisor's control API below `/v1/experiments`, with its token.
 *
 * | request | answer |
 * |---|---|
 * | GET /v1/experiments | ReadyExperiment[]: the files of `experiments/` |
 * | GET /v1/experiments/runs | ExperimentSummary[], newest first |
 * | POST /v1/experiments/runs | ExperimentOrder → ExperimentRun (201); 409 while one runs, 422 for an unknown fault, target or pattern |
 * | GET, DELETE /v1/experiments/runs/:run | ExperimentRun; DELETE stops it, rollbacks run all the same (202) |
 * | GET /v1/experiments/runs/:run/report | the report as one HTML file |
 * | GET /v1/experiments/stream | SSE: `event: experiment` ExperimentRun on each change, at most twice a second; first the last one |
 */
export const ReadyExperiment = z.object({
  name: z.string().describe('Name of its file without the ending'),
  experiment: Experiment.nullable(),
  problem: z.string().nullable().describe('Why the file is no experiment'),
});
export type ReadyExperiment = z.infer<typeof ReadyExperiment>;

export const ExperimentSeed = z.int().min(0).max(loadLimits.seed);

const how = {
  seed: ExperimentSeed.default(1),
  without: PatternRef.nullable()
    .default(null)
    .describe('Compares: runs it as it is, and then once more with this pattern switched off'),
};

/** One of the ready ones by its name, or one that is brought along. */
export const ExperimentOrder = z.union([
  z.strictObject({ name: z.string().max(100), ...how }),
  z.strictObject({ experiment: Experiment, ...how }),
]);
export type ExperimentOrder = z.input<typeof ExperimentOrder>;

export const ProbeResult = z.object({
  name: z.string(),
  when: z.enum(['before', 'method', 'after']),
  state: z.enum(['waiting', 'held', 'missed']),
  tolerance: Tolerance,
  measured: z
    .union([z.number(), z.string(), z.boolean(), z.null()])
    .describe('The last figure; null: none could be had'),
  tookMs: z.int().nullable().describe('From its time to the figure that held'),
  problem: z.string().nullable().describe('Why there was no figure'),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

export const ExperimentEntry = z.object({
  at: Instant,
  kind: z.enum(['phase', 'fault', 'probe', 'sign', 'guard', 'rollback', 'switch']),
  text: z.string(),
});
export type ExperimentEntry = z.infer<typeof ExperimentEntry>;

/** A fault as it was planned, and what became of it. */
export const ExperimentFault = z.object({
  name: z.string(),
  atMs: z.int().describe('From the start of the method'),
  run: FaultRun.nullable().describe('null: not armed'),
  problem: z.string().nullable().describe('Why it was not armed'),
  detectMs: z.int().nullable().describe('From arming to the first sign of it in the fleet; null: none was seen'),
  recoverMs: z
    .int()
    .nullable()
    .describe('From its end to the first moment without any sign; null: there was no sign, or it did not go away'),
});
export type ExperimentFault = z.infer<typeof ExperimentFault>;

export const WorstOrder = z.object({
  orderId: Uuid,
  traceId: TraceId.nullable(),
  kind: z.string().describe('What the load made it run into'),
  status: z.string(),
  tookMs: z.int().nullable().describe('From created to ended; null: not ended'),
});
export type WorstOrder = z.infer<typeof WorstOrder>;

const ExperimentRunId = z
  .string()
  .regex(/^[0-9a-z-]{1,64}$/)
  .describe('Id; sorts by time');

/** One half of a comparison: the same experiment and seed with a pattern on, and with it off. */
export const Comparison = z.object({
  part: z.enum(['with', 'without']),
  without: PatternRef,
  other: ExperimentRunId.describe('The other half; the one without comes second, unless the first was stopped'),
  breaks: z
    .array(InvariantId)
    .describe('At least one of them is to turn invalid without it; empty: a probe is to miss'),
  teaches: z.string().nullable(),
});
export type Comparison = z.infer<typeof Comparison>;

/** A run as it is now; when it is over this is the report, and the HTML is made of nothing else. */
export const ExperimentRun = z.object({
  run: ExperimentRunId,
  experiment: Experiment,
  seed: ExperimentSeed,
  phase: z.enum(experimentPhases),
  outcome: z
    .enum(experimentOutcomes)
    .nullable()
    .describe(
      'passed: all held. lesson: a pattern was off, and what it is there for went wrong. deviated: something did not hold. stopped: by somebody. not-run: it could not begin',
    ),
  deviations: z.array(z.string()).describe('What did not hold, one sentence each'),
  comparison: Comparison.nullable().default(null),
  shown: z.array(z.string()).default([]).describe('What did not hold because a pattern was off: no deviation'),
  left: z
    .array(z.object({ id: InvariantId, violations: z.int() }))
    .nullable()
    .default([])
    .describe(
      'What a run without a pattern has left broken for good; later runs count from there. null: nobody knows, it was cut short; the next run counts it before it begins',
    ),
  duplicatesAbsorbed: z.int().nullable().default(null).describe('By all inboxes, since the method began'),
  worstBurn: z
    .number()
    .nullable()
    .default(null)
    .describe('Of the error budget that the experiment names, over its window; null: none is named, or no evidence'),
  startedAt: Instant,
  methodAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  entries: z.array(ExperimentEntry).describe('The timeline, oldest first'),
  probes: z.array(ProbeResult),
  faults: z.array(ExperimentFault),
  load: LoadRun.nullable(),
  verdicts: z.array(Verdict).nullable().describe('Of the final audit; null before it'),
  auditNotes: z.array(z.string()).describe('What the final audit gave up on'),
  worst: z.array(WorstOrder),
});
export type ExperimentRun = z.infer<typeof ExperimentRun>;

export const ExperimentSummary = ExperimentRun.pick({
  run: true,
  seed: true,
  phase: true,
  outcome: true,
  startedAt: true,
  endedAt: true,
  comparison: true,
}).extend({ title: z.string(), hits: z.int() });
export type ExperimentSummary = z.infer<typeof ExperimentSummary>;
