import { z } from 'zod';

/**
 * What the telemetry store is told of faults, so that it can mark the spans that they touched:
 * `PUT /api/faults FaultWindow[]` (bearer token as the query API) → 204. The list replaces the one before; it holds
 * what is on and what has ended lately, newest first. Times are epoch milliseconds.
 */

/** On the calls of one edge, or on messages that cross it. `table` narrows it to statements on that table. */
const EdgeFootprint = z.object({
  on: z.literal('edge'),
  from: z.string(),
  to: z.string(),
  protocol: z.enum(['http', 'grpc', 'postgres', 'kafka']),
  table: z.string().optional(),
  effect: z
    .enum(['cut', 'refuse', 'delay', 'all'])
    .describe(
      'cut: calls that got no answer. refuse: the same, and hits cannot be counted. delay: what took leastMs. all: every call',
    ),
  leastMs: z.number().min(0).default(0),
});

/** On the calls to one process, and on what it serves itself. */
const ProcessFootprint = z.object({
  on: z.literal('process'),
  process: z.string(),
  effect: z
    .enum(['down', 'slow'])
    .describe('down: it is not there; what it serves meanwhile has waited for it. slow: what took leastMs'),
  leastMs: z.number().min(0).default(0),
});

export const Footprint = z.discriminatedUnion('on', [EdgeFootprint, ProcessFootprint]);
export type Footprint = z.infer<typeof Footprint>;

export const FaultWindow = z.object({
  id: z.string().max(100),
  kind: z.string().max(100),
  footprint: Footprint,
  fromMs: z
    .number()
    .describe('When it began to bite: the last look that found no hit. While it has none, when it was armed'),
  untilMs: z.number().nullable().describe('When it was found gone; null while it is on'),
  bites: z.boolean().describe('False while it has hit nothing'),
});
export type FaultWindow = z.infer<typeof FaultWindow>;

/** More than the engine keeps, with those that are on. */
export const FaultWindows = z.array(FaultWindow).max(200);
