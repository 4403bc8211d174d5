import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { findPlace } from '../postgres/place.ts';
import { freeDataDirectory } from '../postgres/postmaster.ts';
import { type Home, homeFiles } from '../supervisor/home.ts';
import { lockHolder } from '../supervisor/lock.ts';
import { endOrphans } from '../supervisor/orphans.ts';
import { startMark } from '../supervisor/process-table.ts';
import { send } from '../supervisor/terminate.ts';
import { until } from '../supervisor/until.ts';

export function downCommand(): Command {
  return new Command('down')
    .description('stop everything')
    .option('--json', 'print the outcome as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const outcome = await down(homeFiles());
      if (json) console.log(JSON.stringify(outcome));
      else console.log(outcome.stopped ? 'Everything has stopped.' : 'Nothing was running.');
    });
}

/** Stops the running sandbox, or what a killed one left behind. Throws `deadline_exceeded` when it does not end. */
export async function down(home: Home): Promise<{ stopped: boolean; orphans: string[] }> {
  const holder = await lockHolder(home.lock);
  if (holder !== null) {
    const gone = async () => (await startMark(holder.pid)) !== holder.mark;
    send(holder.pid, 'SIGTERM');
    if (!(await until(gone, { timeoutMs: 30_000 }))) {
      throw new AppError('deadline_exceeded', `the supervisor (pid ${holder.pid}) did not stop within 30 s`);
    }
  }
  const orphans = await endOrphans(home);
  if (await hasPostgres(home)) {
    const { data } = await findPlace(home.directory);
    const { stopped } = await freeDataDirectory(data);
    if (stopped !== null && !orphans.includes('postgres')) orphans.push('postgres');
  }
  for (const file of [home.state, home.pids, home.launch, home.lock]) await rm(file, { force: true });
  return { stopped: holder !== null || orphans.length > 0, orphans };
}

async function hasPostgres(home: Home): Promise<boolean> {
  const { access } = await import('node:fs/promises');
  return access(home.secrets).then(
    () => true,
    () => false,
  );
}
