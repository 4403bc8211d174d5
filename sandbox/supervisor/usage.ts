/** CPU and memory of a process with its children, read from small files of /proc on Linux, by `ps` on macOS. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { childrenOf, readProc, statOf } from './process-table.ts';

const run = promisify(execFile);
/** USER_HZ, 100 on every Linux that Node runs on (proc(5)). */
const ticksPerSecond = 100;

/**
 * CPU seconds used so far by `pid` and, unless it is asked for alone, its children, those that have ended included. Null
 * when it is gone.
 */
export async function cpuSeconds(pid: number, { children: all = true } = {}): Promise<number | null> {
  if (process.platform !== 'linux') return psCpuSeconds(pid, all);
  const own = statOf(pid);
  if (own === null) return null;
  if (!all) return own.cpuTicks / ticksPerSecond;
  const children = (await childrenOf(pid)).map(statOf);
  const ticks = children.reduce((sum, child) => sum + (child?.cpuTicks ?? 0), own.cpuTicks + own.reapedTicks);
  return ticks / ticksPerSecond;
}

/** Proportional set size of `pid` and its children, bytes; resident size where the kernel does not tell. */
export async function memoryBytes(pid: number): Promise<number | null> {
  const pids = [pid, ...(await childrenOf(pid))];
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', pids.join(',')]).catch(() => ({ stdout: '' }));
    const sizes = stdout.trim().split(/\s+/).filter(Boolean).map(Number);
    return sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0) * 1024;
  }
  const sizes = await Promise.all(pids.map(pssBytes));
  return sizes[0] === null ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

/**
 * Memory of `pid` and its children that no file stands behind, bytes: the part of it that moves most, told without
 * walking its pages. Null where the kernel does not tell.
 */
export async function anonymousBytes(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const sizes = [pid, ...(await childrenOf(pid))].map((one) => /^RssAnon:\s+(\d+) kB/m.exec(readProc(`${one}/status`)));
  return sizes[0] === null ? null : sizes.reduce((sum, match) => sum + Number(match?.[1] ?? 0) * 1024, 0);
}

async function pssBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const match = /^Pss:\s+(\d+) kB/m.exec(text);
  return match ? Number(match[1]) * 1024 : null;
}

async function psCpuSeconds(pid: number, all: boolean): Promise<number | null> {
  const pids = [pid, ...(all ? await childrenOf(pid) : [])];
  const { stdout } = await run('ps', ['-o', 'time=', '-p', pids.join(',')]).catch(() => ({ stdout: '' }));
  const times = stdout.trim().split('\n').filter(Boolean).map(parsePsTime);
  return times.length === 0 ? null : times.reduce((sum, time) => sum + time, 0);
}

/** `[[dd-]hh:]mm:ss.cc` as ps prints it. */
export function parsePsTime(text: string): number {
  const [clock = '', days = '0'] = text.trim().split('-').reverse();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
