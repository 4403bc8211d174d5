import { live, procedure, Resumable, router, tracked } from '../trpc.ts';
import { watch } from '../watch.ts';

/** Often enough for a bar that moves; an answer like the one before is not sent on. */
const everyMs = 500;

/** The read model itself: how far it is behind, and its rebuild. What is in it is in `orders`. */
export const historyRouter = router({
  readModel: procedure.query(({ ctx, signal }) => ctx.history.readModel(signal)),
  rebuild: procedure.mutation(({ ctx }) => ctx.history.rebuild()),
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    const read = (within: AbortSignal) => ctx.history.readModel(within);
    let sequence = 0;
    for await (const model of live(signal, (until) => watch(until, { read, everyMs })))
      yield tracked(String(++sequence), model);
  }),
});
