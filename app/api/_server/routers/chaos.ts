import { z } from 'zod';
import { FaultOrder, StopAllOrder } from '#contracts/sandbox/chaos.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

export const chaosRouter = router({
  catalogue: procedure.query(({ ctx, signal }) => ctx.supervisor.faultCatalogue(signal)),
  state: procedure.query(({ ctx, signal }) => ctx.supervisor.chaos(signal)),
  inject: procedure.input(FaultOrder).mutation(({ ctx, input }) => ctx.supervisor.injectFault(input)),
  stop: procedure.input(z.object({ id: z.uuid() })).mutation(({ ctx, input }) => ctx.supervisor.stopFault(input.id)),
  stopAll: procedure.input(StopAllOrder).mutation(({ ctx, input }) => ctx.supervisor.stopAllFaults(input.reason)),
  release: procedure.mutation(({ ctx }) => ctx.supervisor.releaseFaults()),
  /** The whole state at once and after each change; every page listens, to say what is on. */
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const state of live(signal, (until) => ctx.supervisor.chaosStream(until))) {
      yield tracked(String(++sequence), state);
    }
  }),
});
