/** Experiments on behalf of the control API, one at a time. They end with the supervisor, and so do their faults' leases. */
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import { isFollowed } from '#contracts/sandbox/experiment-comparison.ts';
import type { Experiment, PatternRef } from '#contracts/sandbox/experiment-file.ts';
import type {
  Comparison,
  ExperimentOrder,
  ExperimentRun,
  ExperimentSummary,
  ReadyExperiment,
} from '#contracts/sandbox/experiments.ts';
import { systemClock } from '../../chaos/clock.ts';
import { damageOf } from '../../experiments/damage.ts';
import { lessonOf } from '../../experiments/lesson.ts';
import { readyExperiment, readyExperiments } from '../../experiments/ready.ts';
import { type RunHandle, type RunOptions, runExperiment } from '../../experiments/run.ts';
import type { ExperimentWorld } from '../../experiments/world.ts';
import { newRunId } from '../../load/run-files.ts';
import { repository } from '../home.ts';
import { createJournal } from '../journal.ts';
import { readRuns, uncountedOf, writeRun } from './run-files.ts';

export type ExperimentControl = {
  ready(): Promise<ReadyExperiment[]>;
  /**
   * Throws `conflict` while one runs, `not_found`, `unprocessable` for what cannot be carried out here. The half of a
   * comparison that is without its pattern begins by itself when the first is over, unless that was stopped.
   */
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

  async function begin(
    order: Omit<RunOptions, 'world' | 'clock' | 'damage' | 'uncounted' | 'onChange'>,
  ): Promise<RunHandle> {
    const runs = await all();
    if (goesOn()) throw new AppError('conflict', 'an experiment runs: wait for its end or stop it');
    // Also while it goes on: a supervisor that is killed leaves behind how far it came.
    const journal = createJournal(() => writeRun(kept, handle.current()), writePauseMs);
    const onChange = (run: ExperimentRun) => {
      publish(run);
      journal.touch();
    };
    const handle = runExperiment({
      ...order,
      damage: damageOf(runs),
      uncounted: uncountedOf(runs, kept),
      world,
      clock: systemClock,
      onChange,
    });
    active = handle;
    void handle.done.then(journal.settle);
    // On record before anybody is told that it has begun.
    await journal.settle();
    return handle;
  }

  /** One after the other: what the second leaves broken must not be found by the first. */
  async function compare(experiment: Experiment, seed: number, without: PatternRef): Promise<RunHandle> {
    const about = { without, ...lessonOf(experiment, without, await world.patterns()) };
    const startedAt = new Date();
    // Ids sort by time.
    const [first, second] = [newRunId(startedAt), newRunId(new Date(startedAt.getTime() + 1_000))];
    const half = (run: string, part: Comparison['part'], other: string) =>
      begin({ run, experiment, seed, comparison: { ...about, part, other } });
    const handle = await half(first, 'with', second);
    void handle.done
      .then((run) => (isFollowed(run) ? half(second, 'without', first) : null))
      // Another experiment was quicker; the first half stands for itself.
      .catch(() => {});
    return handle;
  }

  return {
    ready: () => readyExperiments(ready),
    async start(order) {
      const experiment = 'name' in order ? await readyExperiment(ready, order.name) : order.experiment;
      const { seed = 1, without = null } = order;
      const handle =
        without === null
          ? await begin({ run: newRunId(), experiment: experiment as Experiment, seed })
          : await compare(experiment as Experiment, seed, without);
      return handle.current();
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
  comparison,
  experiment,
  faults,
}: ExperimentRun): ExperimentSummary {
  const hits = faults.reduce((sum, fault) => sum + (fault.run?.hits ?? 0), 0);
  return { run, seed, phase, outcome, startedAt, endedAt, comparison, title: experiment.title, hits };
}
