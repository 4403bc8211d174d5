/** Experiments on behalf of the control API, one at a time. They end with the supervisor, and so do their faults' leases. */
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type {
  ExperimentOrder,
  ExperimentRun,
  ExperimentSummary,
  ReadyExperiment,
} from '#contracts/sandbox/experiments.ts';
import { systemClock } from '../../chaos/clock.ts';
import { readyExperiment, readyExperiments } from '../../experiments/ready.ts';
import { type RunHandle, runExperiment } from '../../experiments/run.ts';
import type { ExperimentWorld } from '../../experiments/world.ts';
import { newRunId } from '../../load/run-files.ts';
import { repository } from '../home.ts';
import { createJournal } from '../journal.ts';
import { readRuns, writeRun } from './run-files.ts';

export type ExperimentControl = {
  ready(): Promise<ReadyExperiment[]>;
  /** Throws `conflict` while one runs, `not_found`, `unprocessable` for what cannot be carried out here. */
  start(order: ExperimentOrder): Promise<ExperimentRun>;
  /** The one that runs, or the last of this supervisor. */
  current(): ExperimentRun | null;
  list(): Promise<ExperimentSummary[]>;
  /** Throws `not_found`. */
  find(run: string): Promise<ExperimentRun>;
  /** Begins its rollbacks. Throws `not_found`, or `conflict` when it is over. */
  stop(run: string): ExperimentRun;
  listen(listener: (run: ExperimentRun) => void): () => void;
  /** Ends the one that runs, for a sandbox that stops: faults and load end with their owners. */
  close(): void;
};

const writePauseMs = 1_000;

export function createExperimentControl({ home, world }: { home: string; world: ExperimentWorld }): ExperimentControl {
  const ready = path.join(repository, 'experiments');
  const kept = path.join(home, 'experiments');
  const listeners = new Set<(run: ExperimentRun) => void>();
  let active: RunHandle | null = null;

  const publish = (run: ExperimentRun) => {
    for (const listener of listeners) listener(run);
  };
  const goesOn = () => active !== null && active.current().phase !== 'over';

  async function all(): Promise<ExperimentRun[]> {
    const written = await readRuns(kept);
    const current = active?.current();
    return current === undefined ? written : [current, ...written.filter(({ run }) => run !== current.run)];
  }

  async function begin(experiment: Experiment, seed: number): Promise<ExperimentRun> {
    if (goesOn()) throw new AppError('conflict', 'an experiment runs: wait for its end or stop it');
    // Also while it goes on: a supervisor that is killed leaves behind how far it came.
    const journal = createJournal(() => writeRun(kept, handle.current()), writePauseMs);
    const onChange = (run: ExperimentRun) => {
      publish(run);
      journal.touch();
    };
    const handle = runExperiment({ run: newRunId(), experiment, seed, world, clock: systemClock, onChange });
    active = handle;
    void handle.done.then(journal.settle);
    // On record before anybody is told that it has begun.
    await journal.settle();
    return handle.current();
  }

  return {
    ready: () => readyExperiments(ready),
    async start(order) {
      const experiment = 'name' in order ? await readyExperiment(ready, order.name) : order.experiment;
      return begin(experiment as Experiment, order.seed ?? 1);
    },
    current: () => active?.current() ?? null,
    list: async () => (await all()).map(summaryOf),
    async find(run) {
      const found = (await all()).find((one) => one.run === run);
      if (found === undefined) throw new AppError('not_found', `there is no experiment run ${run}`);
      return found;
    },
    stop(run) {
      if (active?.current().run !== run) throw new AppError('not_found', `no experiment ${run} runs here`);
      if (!goesOn()) throw new AppError('conflict', 'this experiment is over');
      active.stop('stopped by hand');
      return active.current();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => active?.abandon(),
  };
}

function summaryOf({
  run,
  seed,
  phase,
  outcome,
  startedAt,
  endedAt,
  experiment,
  faults,
}: ExperimentRun): ExperimentSummary {
  const hits = faults.reduce((sum, fault) => sum + (fault.run?.hits ?? 0), 0);
  return { run, seed, phase, outcome, startedAt, endedAt, title: experiment.title, hits };
}
