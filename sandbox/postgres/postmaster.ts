/** Postgres processes that an earlier supervisor left behind, known by the data directory they work in. */
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { descendants, startMark, workingIn } from '../supervisor/process-table.ts';
import { send, terminateForeign } from '../supervisor/terminate.ts';
import { until } from '../supervisor/until.ts';

export type PostmasterFile = { pid: number; data: string; startedAtSeconds: number; port: number };

/** Reads postmaster.pid (its lines: pid, data directory, start time, port, …). Null when it is none. */
export function parsePostmasterFile(text: string): PostmasterFile | null {
  const [pid, data, started, port] = text.split('\n');
  if (!pid || !data || !started || !/^\d+$/.test(pid.trim())) return null;
  return { pid: Number(pid), data: data.trim(), startedAtSeconds: Number(started), port: Number(port ?? 0) };
}

/**
 * Makes the data directory free: a postmaster that still runs on it is shut down (fast, then by force), backends that
 * outlived a killed postmaster are awaited, a stale lock file is removed. Only processes that verifiably work in
 * this data directory are touched.
 */
export async function freeDataDirectory(data: string): Promise<{ stopped: number | null }> {
  const file = path.join(data, 'postmaster.pid');
  const known = parsePostmasterFile(await readFile(file, 'utf8').catch(() => ''));
  let stopped: number | null = null;
  if (known !== null && (await worksOn(known, data))) {
    const mark = await startMark(known.pid);
    if (mark !== null) await terminateForeign({ pid: known.pid, mark, signal: 'SIGINT', graceMs: 8_000 });
    stopped = known.pid;
  }
  // Backends notice the death of their postmaster by themselves, within milliseconds.
  const empty = async () => (await serversIn(data)).length === 0;
  if (!(await until(empty, { timeoutMs: 3_000 }))) {
    for (const pid of await serversIn(data)) send(pid, 'SIGKILL');
    await until(empty, { timeoutMs: 2_000 });
  }
  await rm(file, { force: true });
  return { stopped };
}

/** Server processes of this data directory; a shell that happens to stand in it is none. */
async function serversIn(data: string): Promise<number[]> {
  return workingIn(data, 'postgres');
}

async function worksOn(known: PostmasterFile, data: string): Promise<boolean> {
  if (process.platform === 'linux') return (await serversIn(data)).includes(known.pid);
  if (known.data !== data) return false;
  const mark = await startMark(known.pid);
  const started = mark === null ? Number.NaN : Date.parse(mark) / 1000;
  return Math.abs(started - known.startedAtSeconds) <= 2 || (await descendants(known.pid)).length > 3;
}
