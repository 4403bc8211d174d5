import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { createLoadClient } from './client.ts';
import { openHistory } from './history.ts';
import { writeReport } from './run-files.ts';
import { type LoadHandle, runLoad } from './run-load.ts';
import type { Credentials } from './token-source.ts';

export type StartOptions = {
  run: string;
  plan: LoadPlan;
  endpoints: { gateway: string; identity: string };
  credentials: Credentials;
  historyFile: string;
  settleMs?: number;
  onChange?(run: LoadRun): void;
};

/** So that a run whose generator was killed can be told from one that goes on. */
const reportEveryMs = 2_000;

/**
 * Runs a plan against a gateway with everything that belongs to it: a history, and the report beside it at the end.
 * Throws when the history cannot be written; what goes wrong later is the run's `problem`.
 */
export async function startRun(options: StartOptions): Promise<LoadHandle> {
  let handle: LoadHandle | null = null;
  const history = await openHistory(options.historyFile, (error) =>
    handle?.fail(`the history cannot be written: ${error.message}`),
  );
  const client = createLoadClient(options.endpoints, options.credentials);
  const started = runLoad({ ...options, client, history });
  handle = started;
  await writeReport(started.current());
  const reporting = setInterval(() => void writeReport(started.current()).catch(() => {}), reportEveryMs);
  const finish = async () => {
    const run = await started.done;
    clearInterval(reporting);
    await client.close();
    const problem = await history.close().then(
      () => run.problem,
      (error: Error) => run.problem ?? `the history cannot be written: ${error.message}`,
    );
    const report: LoadRun = problem === run.problem ? run : { ...run, phase: 'failed', problem };
    await writeReport(report).catch(() => {});
    return report;
  };
  return { ...started, done: finish() };
}
