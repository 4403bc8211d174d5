import { z } from 'zod';
import { LoadPlan, LoadRate, LoadRun } from '#contracts/sandbox/load.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const RunId = LoadRun.shape.run;

/** Load runs, which the supervisor starts in a process of their own: closing the tab does not stop them. */
export const loadRouter = router({
  runs: procedure.query(({ ctx, signal }) => ctx.supervisor.loadRuns(signal)),
  start: procedure.input(LoadPlan).mutation(({ ctx, input }) => ctx.supervisor.startLoad(input)),
  changeRate: procedure
    .input(z.object({ run: RunId, ratePerSecond: LoadRate }))
    .mutation(({ ctx, input }) => ctx.supervisor.changeLoadRate(input.run, input.ratePerSecond)),
  stop: procedure.input(z.object({ run: RunId })).mutation(({ ctx, input }) => ctx.supervisor.stopLoad(input.run)),
  /** The run that goes on or was the last, then each change: twice a second, and at once what somebody asked for. */
  stream: procedure.input(Resumable).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const run of live(signal, (until) => ctx.supervisor.loadStream(until))) {
      yield tracked(`${run.run}:${++sequence}`, run);
    }
  }),
});
