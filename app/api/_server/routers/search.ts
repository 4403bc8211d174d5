import { z } from 'zod';
import { procedure, router } from '../trpc.ts';

const limit = 8;

/** What the palette finds beside pages and actions. A source that fails is left out. */
export const searchRouter = router({
  recent: procedure.input(z.object({ text: z.string().max(200) })).query(async ({ ctx, input, signal }) => {
    const text = input.text.trim().toLowerCase();
    const [orders, traces] = await Promise.allSettled([
      ctx.history.orders({ limit: text ? 200 : 4 }, signal),
      ctx.telemetry.searchTraces(
        {
          range: { fromMs: Date.now() - 3_600_000, toMs: null },
          filter: { conditions: [], text: text || null },
          limit: text ? limit : 4,
        },
        signal,
      ),
    ]);
    return {
      orders:
        orders.status === 'fulfilled'
          ? orders.value.orders
              .filter(({ id, status, lines }) =>
                [id, status, ...lines.map(({ name }) => name)].join(' ').toLowerCase().includes(text),
              )
              .slice(0, limit)
              .map(({ id, status }) => ({ id, status }))
          : [],
      traces:
        traces.status === 'fulfilled'
          ? traces.value.traces.map(({ traceId, rootName, rootService }) => ({ traceId, rootName, rootService }))
          : [],
    };
  }),
});
