import { z } from 'zod';
import { SagaStyle } from '../http/orders.ts';
import { Instant, Uuid } from '../ids.ts';
import { loadArrivals, loadKinds, loadLimits, loadPhases, loadSagas, usualMix } from './load-limits.ts';

const Weight = z.number().min(0).max(100);
/** Shares are weights: only their proportion counts. */
export const LoadMix = z
  .object({
    happy: Weight.describe('Nothing stops it: confirmed'),
    declined: Weight.describe('The card is declined: cancelled, stock released'),
    outOfStock: Weight.describe('A product of which there is none: cancelled, nothing charged'),
    slow: Weight.describe('The payment provider answers late: confirmed, later'),
    cancelled: Weight.describe('The customer cancels soon after: cancelled, or confirmed when that came too late'),
  })
  .strict()
  .refine((mix) => loadKinds.some((kind) => mix[kind] > 0), 'at least one share must be above 0');
export type LoadMix = z.infer<typeof LoadMix>;

export const LoadRate = z
  .number()
  .min(loadLimits.ratePerSecond.least)
  .max(loadLimits.ratePerSecond.most)
  .describe('Orders that become due per second, on average');

/** Body of `PATCH /v1/load/:run`. */
export const LoadRateChange = z.object({ ratePerSecond: LoadRate }).strict();

/** What a run is asked to do. The same plan gives the same orders at the same times (but for changes of the rate). */
export const LoadPlan = z
  .object({
    ratePerSecond: LoadRate,
    seconds: z.number().positive().max(loadLimits.seconds).describe('Orders become due for this long'),
    orders: z.int().min(1).max(loadLimits.orders).nullable().default(null).describe('Ends after this many, null: none'),
    arrivals: z.enum(loadArrivals).default('poisson').describe('Poisson: independent customers'),
    seed: z.int().min(0).max(loadLimits.seed).default(1),
    saga: z.enum(loadSagas).default('choreography').describe('both: in turns'),
    mix: LoadMix.default(usualMix),
  })
  .strict()
  .refine(
    ({ ratePerSecond, seconds, orders }) =>
      Math.min(orders ?? Number.POSITIVE_INFINITY, ratePerSecond * seconds) <= loadLimits.orders,
    {
      message: `rate × seconds must be at most ${loadLimits.orders} orders`,
      path: ['seconds'],
    },
  );
export type LoadPlan = z.infer<typeof LoadPlan>;

/**
 * One line of a client history, `<home>/load/<run>.jsonl`. Every operation has exactly one `invoke`, recorded before the
 * request leaves, and at most one completion after it; an operation without one was under way when the generator died
 * and counts as `info`.
 *
 * - `ok`: the fleet acknowledged it; from then on it owes the outcome.
 * - `fail`: it certainly did not happen (refused, shed, never sent).
 * - `info`: it may or may not have happened (timeout, connection lost, 5xx). Never to be taken for a failure.
 */
const operation = {
  run: z.string(),
  n: z.int().min(0).describe('Number of the order within the run, from 0; an operation is known by run, n and op'),
  op: z.enum(['place', 'cancel']),
  idempotencyKey: z.string().describe('That of the order, also where the operation sends none'),
  at: Instant.describe('When this happened, by the clock of the generator'),
};
const invoke = { ...operation, type: z.literal('invoke'), dueAt: Instant.describe('When it should have left') };

export const HistoryLine = z.union([
  z.object({
    ...invoke,
    op: z.literal('place'),
    orderId: z.null(),
    kind: z.enum(loadKinds),
    sagaStyle: SagaStyle,
    customerId: Uuid,
    items: z.array(z.object({ sku: z.string(), qty: z.int() })),
    paymentToken: z.string(),
  }),
  z.object({ ...invoke, op: z.literal('cancel'), orderId: Uuid }),
  z.object({
    ...operation,
    type: z.literal('ok'),
    orderId: Uuid,
    httpStatus: z.int(),
    latencyMs: z.number().describe('From when it was due'),
  }),
  z.object({
    ...operation,
    type: z.enum(['fail', 'info']),
    orderId: Uuid.nullable().describe('null: no order came of it, or nobody knows which'),
    httpStatus: z.int().nullable().describe('null: no answer came'),
    latencyMs: z.number(),
    error: z.string(),
  }),
]);
export type HistoryLine = z.infer<typeof HistoryLine>;

/** Milliseconds; null as long as nothing was measured. From an HDR histogram with three significant digits. */
const Ms = z.number().nullable();
export const LoadLatency = z.object({ count: z.int(), p50: Ms, p90: Ms, p95: Ms, p99: Ms, max: Ms });
export type LoadLatency = z.infer<typeof LoadLatency>;

/** What happened in a span of time of the run. Spans are equally long; when there are too many, neighbours merge. */
export const LoadSample = z.object({
  fromSeconds: z.number().describe('Since the start of the run'),
  seconds: z.number(),
  due: z.int(),
  ok: z.int(),
  fail: z.int(),
  info: z.int(),
  ended: z.int().describe('Orders that became confirmed or cancelled'),
  acceptedP95Ms: Ms.describe('Of the answers in this span; of merged spans the worst'),
  sagaP95Ms: Ms,
});
export type LoadSample = z.infer<typeof LoadSample>;

/** A run as it is now. */
export const LoadRun = z.object({
  run: z
    .string()
    .regex(/^[0-9a-z-]{1,64}$/)
    .describe('Id; sorts by time'),
  plan: LoadPlan,
  phase: z.enum(loadPhases).describe('placing: orders become due. settling: waiting until each accepted one has ended'),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  ratePerSecond: LoadRate.describe('As it is now; the plan holds the first one'),
  due: z.int().describe('Orders that became due'),
  inFlight: z.int().describe('Requests that wait for an answer'),
  ok: z.int(),
  fail: z.int(),
  info: z.int(),
  confirmed: z.int(),
  cancelled: z.int(),
  cancellations: z
    .object({ ok: z.int(), fail: z.int(), info: z.int() })
    .describe('Answers to cancellations; fail: too late, the order is paid'),
  open: z.int().describe('Acknowledged, not ended yet'),
  lost: z.array(Uuid).max(100).describe('Acknowledged and not ended when the time to settle was over, the first 100'),
  lostCount: z.int(),
  accepted: LoadLatency.describe('From when it was due to the answer; includes requests that timed out'),
  saga: LoadLatency.describe('From when it was due to confirmed or cancelled'),
  lateness: LoadLatency.describe('How late the generator itself sent; large means that this machine was too busy'),
  samples: z.array(LoadSample),
  errors: z.record(z.string(), z.int()).describe('How often what was answered or went wrong, the first 20 kinds'),
  historyFile: z.string(),
  problem: z.string().nullable().describe('Why the run failed'),
});
export type LoadRun = z.infer<typeof LoadRun>;
