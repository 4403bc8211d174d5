import type { ManagedProcess } from './managed-process.ts';
import { anonymousBytes, cpuSeconds, memoryBytes } from './usage.ts';

/** CPU every two seconds; memory every fifth time, and not during a start. */
const everyMs = 2_000;
const memoryEvery = 5;
/**
 * The kernel walks all pages of a process to tell its share of them, 10 ms of CPU for a Node process of ours. Between two
 * such walks, a minute apart and each process at another time, only what is its own is followed.
 */
const walkEvery = 30;

/** Keeps `usage` of each process current and calls `onSample` after each round. Returns how to end it. */
export function startSampler(processes: readonly ManagedProcess[], onSample: () => void): () => void {
  const last = new Map<number, { seconds: number; atMs: number }>();
  const walked = new Map<number, { bytes: number; anonymous: number }>();
  let round = 0;
  let busy = false;

  async function sample(process: ManagedProcess, index: number): Promise<void> {
    const pid = process.lifecycle.pid;
    if (pid === null) return;
    const seconds = await cpuSeconds(pid);
    if (seconds === null) return;
    const atMs = performance.now();
    const before = last.get(pid);
    last.set(pid, { seconds, atMs });
    const cpuPercent =
      before === undefined ? process.usage.cpuPercent : percent(seconds - before.seconds, atMs - before.atMs);
    const due = process.usage.memoryBytes === null || (round + index) % memoryEvery === 0;
    const walk = (round + index) % walkEvery === 0;
    const bytes = due && process.lifecycle.state !== 'starting' ? await memoryOf(pid, walk) : process.usage.memoryBytes;
    if (process.lifecycle.pid === pid) process.usage = { cpuPercent, memoryBytes: bytes };
  }

  async function memoryOf(pid: number, walk: boolean): Promise<number | null> {
    const anonymous = await anonymousBytes(pid);
    const before = walked.get(pid);
    if (!walk && before !== undefined && anonymous !== null)
      return Math.max(0, before.bytes + anonymous - before.anonymous);
    const bytes = await memoryBytes(pid);
    if (bytes !== null && anonymous !== null) walked.set(pid, { bytes, anonymous });
    return bytes;
  }

  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    // One after the other: a burst of /proc reads every two seconds would show up in everybody's latency.
    for (const [index, process] of processes.entries()) await sample(process, index).catch(() => {});
    const pids = new Set(processes.map((process) => process.lifecycle.pid));
    for (const seen of [last, walked]) for (const pid of seen.keys()) if (!pids.has(pid)) seen.delete(pid);
    round += 1;
    busy = false;
    onSample();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Share of one core, in per cent with one decimal. */
function percent(usedSeconds: number, elapsedMs: number): number {
  return Math.max(0, Math.round((usedSeconds / (elapsedMs / 1_000)) * 1_000) / 10);
}
