/** Load on the fleet in containers: their supervisor's generator places it, whose histories the auditor there reads. */
import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import { type LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { createHistoryFile } from '../../load/history.ts';
import { askControl, callControl, type RunningContainers } from '../control-client.ts';

export type LoadInContainers = {
  /** No more orders become due; those under way are waited for. */
  stop(): void;
  /** After stop: ends at once. */
  abandon(): void;
  /** Rejects when the supervisor does not answer any more; the run goes on then. */
  done: Promise<LoadRun>;
};

export type LoadInContainersOptions = {
  plan: LoadPlan;
  /** Where a copy of the history goes, null for none. Must not exist. */
  historyFile: string | null;
  onChange(run: LoadRun): void;
  pollMs?: number;
};

/** Throws what the supervisor answers, e.g. `conflict` while another run goes on; nothing is left of the file then. */
export async function startLoadInContainers(
  running: RunningContainers,
  { plan, historyFile, onChange, pollMs = 500 }: LoadInContainersOptions,
): Promise<LoadInContainers> {
  if (historyFile !== null) await (await createHistoryFile(historyFile)).close();
  const order = { method: 'POST', body: plan, timeoutMs: 30_000 } as const;
  const started = await callControl(running, '/v1/load', order)
    .then((answer) => LoadRun.parse(answer))
    .catch(async (error: unknown) => {
      if (historyFile !== null) await rm(historyFile, { force: true });
      throw error;
    });
  const path = `/v1/load/${started.run}`;

  async function follow(): Promise<LoadRun> {
    let run = started;
    for (onChange(run); !isOver(run); onChange(run)) {
      await delay(pollMs);
      run = LoadRun.parse(await callControl(running, path));
    }
    if (historyFile === null) return run;
    await copyHistory(running, `${path}/history`, historyFile);
    return { ...run, historyFile };
  }

  // The supervisor knows the first from the second.
  const end = () =>
    void callControl(running, path, { method: 'DELETE' }).catch((error: Error) => console.error(error.message));
  return { stop: end, abandon: end, done: follow() };
}

async function copyHistory(running: RunningContainers, path: string, file: string): Promise<void> {
  const { body } = await askControl(running, path, { timeoutMs: 60_000 });
  try {
    if (body !== null) await writeFile(file, body);
  } catch (cause) {
    throw new AppError('internal', `the history was not copied to ${file}: ${(cause as Error).message}`, { cause });
  }
}
