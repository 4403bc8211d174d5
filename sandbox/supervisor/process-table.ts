/** What the operating system knows of a process. Linux reads /proc; elsewhere `ps` is asked. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { processEnv } from '../process-env.ts';

const run = promisify(execFile);
const onLinux = process.platform === 'linux';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Tells one life of a pid from the next: boot and start time of the process that has it now, null when there is none
 * (a zombie counts as none). Two equal marks are the same process, so a recycled pid is never mistaken for ours.
 */
export async function startMark(pid: number): Promise<string | null> {
  try {
    if (!onLinux) {
      const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
        env: processEnv({ LC_ALL: 'C', PATH: process.env.PATH ?? '' }),
      });
      const line = stdout.trim();
      return line === '' || line.startsWith('Z') ? null : line.slice(line.indexOf(' ')).trim();
    }
    const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    if (stat === null || stat.state === 'Z' || stat.state === 'X') return null;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()}/${stat.startTicks}`;
  } catch {
    return null;
  }
}

export type ProcStat = { state: string; ppid: number; cpuTicks: number; reapedTicks: number; startTicks: string };

/** Reads /proc/<pid>/stat (proc(5)). The command may hold spaces and parentheses, so fields count from its last `)`. */
export function parseStat(text: string): ProcStat | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, ppid] = fields;
  const startTicks = fields[19];
  if (state === undefined || ppid === undefined || startTicks === undefined) return null;
  return {
    state,
    ppid: Number(ppid),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    reapedTicks: Number(fields[13]) + Number(fields[14]),
    startTicks,
  };
}

/** What /proc tells of a process now, null when there is none. */
export function statOf(pid: number): ProcStat | null {
  return parseStat(readProc(`${pid}/stat`));
}

/**
 * A small file of /proc, empty when its process is gone. The kernel makes it up on the spot, without a disk: read at
 * once it takes 20 µs, by way of the thread pool twenty times as much CPU.
 */
export function readProc(file: string): string {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Pids of all processes below `pid`, itself not included. Empty when it has none or is gone. */
export async function descendants(pid: number): Promise<number[]> {
  const children = await parentTable();
  const found: number[] = [];
  const queue = [pid];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      queue.push(child);
    }
  }
  return found;
}

/** Direct children; one small read on Linux, for the sampler that asks every two seconds. */
export async function childrenOf(pid: number): Promise<number[]> {
  if (!onLinux) return (await parentTable()).get(pid) ?? [];
  const text = readProc(`${pid}/task/${pid}/children`);
  return text.trim() === '' ? [] : text.trim().split(' ').map(Number);
}

async function parentTable(): Promise<Map<number, number[]>> {
  const rows = onLinux ? await linuxParents() : await psParents();
  const children = new Map<number, number[]>();
  for (const { pid, ppid } of rows) children.set(ppid, [...(children.get(ppid) ?? []), pid]);
  return children;
}

async function linuxParents(): Promise<{ pid: number; ppid: number }[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  return pids.flatMap((pid) => {
    const stat = statOf(pid);
    return stat === null ? [] : [{ pid, ppid: stat.ppid }];
  });
}

async function psParents(): Promise<{ pid: number; ppid: number }[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, ppid = 0]) => ({ pid, ppid }));
}

/** Pids of processes named `command` whose working directory is `directory`. Empty where that cannot be asked (macOS). */
export async function workingIn(directory: string, command: string): Promise<number[]> {
  if (!onLinux) return [];
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number);
  const rows = await Promise.all(
    pids.map(async (pid) => {
      if ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) !== directory) return null;
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return name.trim() === command ? pid : null;
    }),
  );
  return rows.filter((pid) => pid !== null);
}
