import { access, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { findPlace } from '../postgres/place.ts';
import { freeDataDirectory } from '../postgres/postmaster.ts';
import { type Home, homeFiles } from '../supervisor/home.ts';
import { lockHolder, takeLock } from '../supervisor/lock.ts';
import { endOrphans } from '../supervisor/orphans.ts';
import { startMark } from '../supervisor/process-table.ts';
import { send } from '../supervisor/terminate.ts';
import { until } from '../supervisor/until.ts';
import { downContainers } from './compose/containers.ts';

export function downCommand(): Command {
  return new Command('down')
    .description('stop everything; containers of `up --compose` are taken away, what they keep stays')
    .option('--json', 'print the outcome as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const processes = await down(homeFiles());
      const containers = await downContainers(homeFiles(), { shown: json !== true });
      const outcome = { ...processes, stopped: processes.stopped || containers };
      if (json) console.log(JSON.stringify(outcome));
      else console.log(outcome.stopped ? 'Everything has stopped.' : 'Nothing was running.');
    });
}

/**
 * Stops the running sandbox, and ends what a killed one left behind. Throws `deadline_exceeded` when it does not end,
 * `conflict` when somebody starts it again at this moment.
 */
export async function down(home: Home): Promise<{ stopped: boolean; orphans: string[] }> {
  const holder = await lockHolder(home.lock);
  if (holder !== null) {
    const gone = async () => (await startMark(holder.pid)) !== holder.mark;
    send(holder.pid, 'SIGTERM');
    if (!(await until(gone, { timeoutMs: 30_000 }))) {
      throw new AppError('deadline_exceeded', `the supervisor (pid ${holder.pid}) did not stop within 30 s`);
    }
  }
  if (!(await exists(home.secrets))) return { stopped: holder !== null, orphans: [] };
  const lock = await takeLock(home.lock);
  if ('holder' in lock) throw new AppError('conflict', `process ${lock.holder.pid} has started it again`);
  try {
    const orphans = await endOrphans(home);
    const { stopped } = await freeDataDirectory((await findPlace(home.directory)).data);
    if (stopped !== null && !orphans.includes('postgres')) orphans.push('postgres');
    for (const file of [home.state, home.pids, home.launch]) await rm(file, { force: true });
    return { stopped: holder !== null || orphans.length > 0, orphans };
  } finally {
    await lock.release();
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
