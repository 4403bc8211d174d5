import { z } from 'zod';
import { burstLimits } from '#components/orders/burst-mix.ts';
import type { BurstState } from '../bursts/burst-state.ts';
import { pause } from '../bursts/pause.ts';
import type { Context } from '../context.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const weight = z.number().min(0).max(100);
const Plan = z.object({
  count: z.int().min(1).max(burstLimits.count),
  ratePerSecond: z.number().min(0.5).max(burstLimits.ratePerSecond),
  seed: z.int().min(0).max(burstLimits.seed),
  mix: z.object({ happy: weight, declined: weight, outOfStock: weight }),
});

const everyMs = 200;

/** Many orders at once, placed by the console's server: closing the tab does not stop them. */
export const burstsRouter = router({
  current: procedure.query(({ ctx }) => ctx.bursts.current()),
  start: procedure.input(Plan).mutation(({ ctx, input }) => ctx.bursts.start(input)),
  cancel: procedure.input(z.object({ id: z.string() })).mutation(({ ctx, input }) => ctx.bursts.cancel(input.id)),
  /** The burst as it is, then ≤ 5 changes a second. */
  stream: procedure.input(Resumable).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const state of live(signal, (until) => changes(ctx, until))) yield tracked(String(++sequence), state);
  }),
});

async function* changes(ctx: Context, signal: AbortSignal): AsyncGenerator<BurstState> {
  let wake = () => {};
  const stop = ctx.bursts.listen(() => wake());
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    for (let shown: BurstState | null = null; !signal.aborted; ) {
      const state = ctx.bursts.current();
      if (state !== null && state !== shown) {
        yield state;
        shown = state;
        await pause(everyMs, signal);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        // What changed between the look and the wait must not be slept through.
        if (ctx.bursts.current() !== shown || signal.aborted) resolve();
      });
    }
  } finally {
    stop();
  }
}
