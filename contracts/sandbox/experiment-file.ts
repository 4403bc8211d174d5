import { z } from 'zod';
import { leastTtlMs, mostTtlMs } from './chaos-limits.ts';
import { PatternName } from './control-channel.ts';
import { durationMs } from './duration.ts';
import { invariantIds } from './invariant-ids.ts';
import { loadArrivals, loadKinds, loadLimits, loadSagas } from './load-limits.ts';

/**
 * An experiment as it is written down, YAML or JSON, in the vocabulary of Chaos Toolkit (experiment file, version 1):
 * a steady state that must hold before and after, a method of actions and probes, rollbacks that always run. What is
 * added: load, times of the method, invariants that the auditor must find valid, faults as leases.
 */
const Duration = (leastMs: number, mostMs: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|m)$/, 'must be a time such as 500ms, 8s or 1m')
    .refine(
      (text) => {
        const ms = durationMs(text);
        return ms >= leastMs && ms <= mostMs;
      },
      `must be from ${leastMs / 1_000} s to ${mostMs / 1_000} s`,
    );

const mostMethodMs = 600_000;
const At = Duration(0, mostMethodMs);
const Name = z.string().trim().min(1).max(120);

/** A figure must equal it, or lie within `[least, most]`; null leaves one side open. */
export const Tolerance = z.union([
  z.number(),
  z.string().max(100),
  z.boolean(),
  z
    .tuple([z.number().nullable(), z.number().nullable()])
    .refine(([least, most]) => least === null || most === null || least <= most, 'the least comes first'),
]);
export type Tolerance = z.infer<typeof Tolerance>;

export const loadFigures = [
  'due',
  'ok',
  'fail',
  'info',
  'confirmed',
  'cancelled',
  'open',
  'lostCount',
  'acceptedP95Ms',
  'sagaP95Ms',
] as const;

/** What a probe measures. */
export const ProbeProvider = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('process'),
    process: Name,
    figure: z.enum(['state', 'restarts']).describe('restarts: since the experiment began'),
  }),
  z.strictObject({ type: z.literal('processes') }).describe('How many do not run'),
  z.strictObject({
    type: z.literal('pattern'),
    service: Name,
    pattern: PatternName,
    part: Name.nullable().default(null).describe('As `GET /v1/patterns` names it; null: the sum over all parts'),
    fact: Name,
    change: z.boolean().default(false).describe('Since the experiment began; a counter that began again counts from 0'),
  }),
  z.strictObject({ type: z.literal('load'), figure: z.enum(loadFigures) }),
  z.strictObject({ type: z.literal('invariants') }).describe('How many safety invariants are broken now'),
]);
export type ProbeProvider = z.infer<typeof ProbeProvider>;

const probe = { type: z.literal('probe'), name: Name, provider: ProbeProvider, tolerance: Tolerance };
const Within = Duration(100, mostMethodMs).describe('It may take so long until the figure is as it must be');

export const SteadyStateProbe = z.strictObject({ ...probe, within: Within.default('20s') });
export const MethodProbe = z.strictObject({ ...probe, at: At, within: Within.default('10s') });
export type MethodProbe = z.infer<typeof MethodProbe>;

const FaultParameters = z.record(z.string(), z.union([z.number(), z.string()])).default({});
export const FaultAction = z.strictObject({
  type: z.literal('action'),
  name: Name,
  at: z
    .union([
      At,
      z.tuple([At, At]).refine(([from, to]) => durationMs(from) <= durationMs(to), 'the earlier comes first'),
    ])
    .describe('From the start of the method; of two the seed picks a time between them'),
  provider: z.strictObject({
    type: z.literal('fault'),
    fault: Name.describe('A name from `orrery chaos list`'),
    target: Name,
    parameters: FaultParameters,
    for: Duration(leastTtlMs, mostTtlMs).describe('Its lease: it ends by itself after this long'),
  }),
});
export type FaultAction = z.infer<typeof FaultAction>;

/** Each is safe to do though there is nothing to undo. Faults, load and switches of the experiment are undone anyway. */
export const Rollback = z.strictObject({
  type: z.literal('action'),
  name: Name,
  provider: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('stop-fault'), fault: Name, target: Name }),
    z.strictObject({ type: z.literal('start-process'), process: Name }),
    z
      .strictObject({ type: z.literal('replay-parked'), service: Name })
      .describe('Sends what its dead letters hold through its retry topic'),
  ]),
});
export type Rollback = z.infer<typeof Rollback>;

/** A pattern in one service; in one word `inbox@workers`. */
export const PatternRef = z.strictObject({ service: Name, pattern: PatternName });
export type PatternRef = z.infer<typeof PatternRef>;

/** The same experiment once more with a pattern switched off, and what is learnt from it. */
export const Lesson = z.strictObject({
  without: PatternRef,
  breaks: z
    .array(z.enum(invariantIds))
    .max(10)
    .default([])
    .describe('At least one of them turns invalid without it; none: a probe misses'),
  teaches: z.string().trim().min(1).max(1_000),
});
export type Lesson = z.infer<typeof Lesson>;

/** How fast requests may go wrong, as customers see it, before the experiment is stopped. */
export const ErrorBudget = z.strictObject({
  objective: z.number().min(0.5).max(0.99999).default(0.9995).describe('Share of requests with a good answer'),
  window: Duration(1_000, mostMethodMs).default('10s').describe('Over which the burn is measured'),
  burn: z.number().min(1).max(100_000).describe('Exhausted when spent so many times faster than the objective allows'),
});
export type ErrorBudget = z.infer<typeof ErrorBudget>;

const Share = z.number().min(0).max(100);
export const ExperimentLoad = z.strictObject({
  rate: z.number().min(loadLimits.ratePerSecond.least).max(100).describe('Orders per second'),
  for: Duration(1_000, mostMethodMs),
  arrivals: z.enum(loadArrivals).default('poisson'),
  saga: z.enum(loadSagas).default('both'),
  mix: z
    .strictObject(
      Object.fromEntries(loadKinds.map((kind) => [kind, Share.default(0)])) as Record<
        (typeof loadKinds)[number],
        z.ZodDefault<typeof Share>
      >,
    )
    .refine((mix) => loadKinds.some((kind) => mix[kind] > 0), 'at least one share must be above 0')
    .prefault({ happy: 100 }),
});

export const Experiment = z.strictObject({
  version: z.literal('1.0.0').describe('Of this format').default('1.0.0'),
  title: z.string().trim().min(1).max(120),
  description: z.string().trim().min(1).max(2_000),
  tags: z.array(z.string().max(40)).max(20).default([]),
  'steady-state-hypothesis': z.strictObject({
    title: z.string().trim().min(1).max(200),
    probes: z.array(SteadyStateProbe).min(1).max(20),
  }),
  load: ExperimentLoad,
  method: z
    .array(z.discriminatedUnion('type', [FaultAction, MethodProbe]))
    .min(1)
    .max(30)
    .refine((steps) => steps.some(({ type }) => type === 'action'), 'nothing is done: at least one action is needed')
    .refine((steps) => new Set(steps.map(({ name }) => name)).size === steps.length, 'each name may be given once'),
  invariants: z
    .array(z.enum(invariantIds))
    .min(1)
    .max(30)
    .describe('Must be valid in the end. Safety, liveness and security may never be invalid, named or not'),
  'error-budget': ErrorBudget.nullable().default(null),
  lessons: z
    .array(Lesson)
    .max(10)
    .default([])
    .refine(
      (all) => new Set(all.map(({ without }) => `${without.pattern}@${without.service}`)).size === all.length,
      'each pattern may be given once',
    ),
  rollbacks: z.array(Rollback).max(20).default([]),
});
export type Experiment = z.infer<typeof Experiment>;
