/**
 * The ladder that ends a process that is not our child (an orphan of an earlier supervisor): ask, wait, kill.
 * Our own children are ended by managed-process.ts, which learns of their exit from the kernel.
 */
import { descendants, startMark } from './process-table.ts';
import { until } from './until.ts';

export type Termination = { pid: number; mark: string; signal: NodeJS.Signals; graceMs: number };

/** Ends the process if it still is the one that `mark` names, with everything below it. True when it was alive. */
export async function terminateForeign({ pid, mark, signal, graceMs }: Termination): Promise<boolean> {
  const same = async () => (await startMark(pid)) === mark;
  if (!(await same())) return false;
  const below = await marked(await descendants(pid));
  send(pid, 'SIGCONT');
  send(pid, signal);
  const gone = await until(async () => !(await same()), { timeoutMs: graceMs });
  if (!gone) {
    send(pid, 'SIGKILL');
    await until(async () => !(await same()), { timeoutMs: 2_000 });
  }
  for (const child of below) if ((await startMark(child.pid)) === child.mark) send(child.pid, 'SIGKILL');
  return true;
}

/** Sends a signal; a process that is already gone is fine. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function marked(pids: number[]): Promise<{ pid: number; mark: string }[]> {
  const rows = await Promise.all(pids.map(async (pid) => ({ pid, mark: await startMark(pid) })));
  return rows.filter((row): row is { pid: number; mark: string } => row.mark !== null);
}

/** Sends a signal to a whole process group; one that has ended with its leader is fine. */
export function sendGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left. EPERM: the number belongs to others by now.
  }
}
