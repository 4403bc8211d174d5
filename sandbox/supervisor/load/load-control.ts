/** Load runs on behalf of the control API: one at a time, each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import { type LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { historyFileOf, newRunId, readReports, writeReport } from '../../load/run-files.ts';
import type { LoadWish } from '../../load/wish.ts';
import { processEnv } from '../../process-env.ts';
import { repository } from '../home.ts';

export type LoadControl = {
  /** Resolves when orders become due. Throws `conflict` while a run goes on, `unavailable` when it cannot begin. */
  start(plan: LoadPlan): Promise<LoadRun>;
  /** The run that goes on, or the last one of this supervisor. */
  current(): LoadRun | null;
  list(): Promise<LoadRun[]>;
  /** Throws `not_found`. */
  find(run: string): Promise<LoadRun>;
  /** Throws `not_found`, or `conflict` when it is over. */
  changeRate(run: string, ratePerSecond: number): LoadRun;
  /** No more orders; the second time it ends at once. Throws `not_found`. */
  stop(run: string): LoadRun;
  historyFile(run: string): string;
  listen(listener: (run: LoadRun) => void): () => void;
  /** Ends what runs, with its history and report written. */
  close(): Promise<void>;
};

export type LoadControlOptions = {
  home: string;
  /** What the process is started with, beside its plan: where gateway and identity are, and its client. */
  environment(): Record<string, string>;
  /** Replaced in tests. */
  entry?: string;
};

type Active = { child: ChildProcess; run: LoadRun; stopAsked: boolean; ended: Promise<void> };

const largestErrorText = 2_000;

export function createLoadControl({
  home,
  environment,
  entry = 'sandbox/load/main.ts',
}: LoadControlOptions): LoadControl {
  const listeners = new Set<(run: LoadRun) => void>();
  let active: Active | null = null;
  let starting = false;

  const publish = (run: LoadRun) => {
    for (const listener of listeners) listener(run);
  };
  const wish = ({ child }: Active, what: LoadWish) => {
    if (child.connected) child.send(what, () => {});
  };
  const known = (run: string): Active => {
    if (active?.run.run === run) return active;
    throw new AppError('not_found', `no run ${run} was started here since the sandbox came up`);
  };

  function launch(run: string, plan: LoadPlan): Promise<LoadRun> {
    const child = spawn(process.execPath, [path.join(repository, entry)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: processEnv({
        ...environment(),
        LOAD_RUN: run,
        LOAD_PLAN: JSON.stringify(plan),
        LOAD_HISTORY: historyFileOf(home, run),
      }),
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk).slice(-largestErrorText);
    });
    return new Promise((resolve, reject) => {
      const exited = new Promise<void>((resolveExit) => {
        child.once('error', () => resolveExit());
        child.once('close', () => resolveExit());
      });
      child.on('message', (message) => {
        const state = LoadRun.parse(message);
        if (active?.child === child) active.run = state;
        else active = { child, run: state, stopAsked: false, ended };
        publish(state);
        resolve(state);
      });
      const ended = exited.then(async () => {
        const problem = `the load generator ended unexpectedly (${child.signalCode ?? child.exitCode ?? 'not started'}): ${complaint.trim()}`;
        reject(new AppError('unavailable', problem));
        if (active?.child !== child || isOver(active.run)) return;
        active.run = { ...active.run, phase: 'failed', endedAt: new Date().toISOString(), problem };
        publish(active.run);
        await writeReport(active.run).catch(() => {});
      });
    });
  }

  return {
    async start(plan) {
      if (starting || (active !== null && !isOver(active.run))) {
        throw new AppError('conflict', 'a load run goes on: wait for its end or stop it');
      }
      starting = true;
      try {
        return await launch(newRunId(), plan);
      } finally {
        starting = false;
      }
    },
    current: () => active?.run ?? null,
    async list() {
      const reports = await readReports(home);
      if (active === null) return reports;
      const { run } = active;
      return [run, ...reports.filter((report) => report.run !== run.run)].sort((a, b) => b.run.localeCompare(a.run));
    },
    async find(run) {
      const found = (await this.list()).find((candidate) => candidate.run === run);
      if (found === undefined) throw new AppError('not_found', `there is no load run ${run}`);
      return found;
    },
    changeRate(run, ratePerSecond) {
      const found = known(run);
      if (found.run.phase !== 'placing') {
        throw new AppError('conflict', `run ${run} places no more orders: it is ${found.run.phase}`);
      }
      wish(found, { type: 'rate', ratePerSecond });
      found.run = { ...found.run, ratePerSecond };
      publish(found.run);
      return found.run;
    },
    stop(run) {
      const found = known(run);
      wish(found, { type: found.stopAsked ? 'abandon' : 'stop' });
      found.stopAsked = true;
      return found.run;
    },
    historyFile: (run) => historyFileOf(home, run),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      if (active === null) return;
      const { child, run, ended } = active;
      if (!isOver(run)) wish(active, { type: 'abandon' });
      const late = setTimeout(() => child.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(late);
    },
  };
}
