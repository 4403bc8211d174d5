import { z } from 'zod';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const windowSeconds = z.int().min(5).max(3600).default(60);

/** Rate, errors, duration per service and per edge. */
export const redRouter = router({
  now: procedure
    .input(z.object({ windowSeconds, buckets: z.int().min(1).max(120).default(30) }))
    .query(({ ctx, input, signal }) => ctx.telemetry.red(input, signal)),
  stream: procedure.input(Resumable.extend({ windowSeconds })).subscription(async function* ({ ctx, input, signal }) {
    for await (const red of live(signal, (until) => ctx.telemetry.redStream(input.windowSeconds, until))) {
      yield tracked(String(red.atMs), red);
    }
  }),
});
