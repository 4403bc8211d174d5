import { z } from 'zod';
import { PatternRef } from '#contracts/sandbox/experiment-file.ts';
import { ExperimentRun, ExperimentSeed } from '#contracts/sandbox/experiments.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const RunId = ExperimentRun.shape.run;

/** Experiments, which the supervisor carries out: closing the tab does not stop them. */
export const experimentsRouter = router({
  ready: procedure.query(({ ctx, signal }) => ctx.supervisor.readyExperiments(signal)),
  runs: procedure.query(({ ctx, signal }) => ctx.supervisor.experimentRuns(signal)),
  run: procedure
    .input(z.object({ run: RunId }))
    .query(({ ctx, input, signal }) => ctx.supervisor.experimentRun(input.run, signal)),
  start: procedure
    .input(z.object({ name: z.string().max(100), seed: ExperimentSeed, without: PatternRef.nullable().default(null) }))
    .mutation(({ ctx, input }) => ctx.supervisor.startExperiment(input)),
  stop: procedure
    .input(z.object({ run: RunId }))
    .mutation(({ ctx, input }) => ctx.supervisor.stopExperiment(input.run)),
  /** The run that goes on or was the last, then each change: twice a second at most. */
  stream: procedure.input(Resumable).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const run of live(signal, (until) => ctx.supervisor.experimentStream(until))) {
      yield tracked(`${run.run}:${++sequence}`, run);
    }
  }),
});
