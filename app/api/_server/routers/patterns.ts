import { z } from 'zod';
import { PatternName, ReplayOrder, type ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';
import { watch } from '../watch.ts';

/** What the page is told, beside `source`: the patterns of all services, whenever a figure or a switch changed. */
export type PatternsUpdate = { kind: 'patterns'; services: ServicePatterns[] };

/** The supervisor has to ask every service, and some of them their database. */
const figuresEveryMs = 1_000;
const marksEveryMs = 2_000;

const ServiceName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

export const patternsRouter = router({
  list: procedure.query(({ ctx, signal }) => ctx.supervisor.patterns(signal)),
  set: procedure
    .input(z.object({ service: ServiceName, pattern: PatternName, enabled: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.supervisor.switchPattern(input.service, input.pattern, input.enabled)),
  /** Sends a parked key on its way through its consumer's retry topic. */
  replay: procedure
    .input(ReplayOrder.extend({ service: ServiceName }))
    .mutation(({ ctx, input: { service, ...order } }) => ctx.supervisor.replayParked(service, order)),
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    const patterns = async function* (until: AbortSignal, onOpen: () => void): AsyncGenerator<PatternsUpdate> {
      const read = (within: AbortSignal) => ctx.supervisor.patterns(within);
      for await (const services of watch(until, { read, everyMs: figuresEveryMs, onOpen }))
        yield { kind: 'patterns', services };
    };
    const open = (until: AbortSignal) =>
      mergeLive<PatternsUpdate>(until, [{ name: 'supervisor', open: patterns }], { keyOf: () => 'patterns' });
    let sequence = 0;
    for await (const batch of live(signal, open)) yield tracked(String(++sequence), batch);
  }),
  /** What is switched off, for the mark that every page carries. */
  off: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    const read = (within: AbortSignal) => ctx.supervisor.switchedOff(within);
    let sequence = 0;
    for await (const off of live(signal, (until) => watch(until, { read, everyMs: marksEveryMs })))
      yield tracked(String(++sequence), off);
  }),
});
