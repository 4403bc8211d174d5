import { z } from 'zod';
import { ProcessAction } from '#contracts/sandbox/control.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const ProcessName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

export const processesRouter = router({
  list: procedure.query(({ ctx, signal }) => ctx.supervisor.processes(signal)),
  topology: procedure.query(({ ctx, signal }) => ctx.supervisor.topology(signal)),
  lines: procedure
    .input(z.object({ name: ProcessName, lines: z.int().min(1).max(2000).default(200) }))
    .query(({ ctx, input, signal }) => ctx.supervisor.lines(input.name, input.lines, signal)),
  act: procedure
    .input(z.object({ name: ProcessName, action: ProcessAction }))
    .mutation(({ ctx, input }) => ctx.supervisor.act(input.name, input.action)),
  /** All processes first, then each change; after a drop it simply begins again. */
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const status of live(signal, (until) => ctx.supervisor.stream(until))) {
      yield tracked(`${status.name}:${++sequence}`, status);
    }
  }),
});
