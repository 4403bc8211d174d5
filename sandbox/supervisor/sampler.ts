import type { ManagedProcess } from './managed-process.ts';
import { cpuSeconds, memoryBytes } from './usage.ts';

/** CPU every two seconds; memory every fifth time and not during a start, because the kernel walks all pages to tell it. */
const everyMs = 2_000;
const memoryEvery = 5;

/** Keeps `usage` of each process current and calls `onSample` after each round. Returns how to end it. */
export function startSampler(processes: readonly ManagedProcess[], onSample: () => void): () => void {
  const last = new Map<number, { seconds: number; atMs: number }>();
  let round = 0;
  let busy = false;

  async function sample(process: ManagedProcess): Promise<void> {
    const pid = process.lifecycle.pid;
    if (pid === null) return;
    const seconds = await cpuSeconds(pid);
    if (seconds === null) return;
    const atMs = performance.now();
    const before = last.get(pid);
    last.set(pid, { seconds, atMs });
    const cpuPercent =
      before === undefined ? process.usage.cpuPercent : percent(seconds - before.seconds, atMs - before.atMs);
    const due = process.usage.memoryBytes === null || round % memoryEvery === 0;
    const bytes = due && process.lifecycle.state !== 'starting' ? await memoryBytes(pid) : process.usage.memoryBytes;
    if (process.lifecycle.pid === pid) process.usage = { cpuPercent, memoryBytes: bytes };
  }

  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    // One after the other: a burst of /proc reads every two seconds would show up in everybody's latency.
    for (const process of processes) await sample(process).catch(() => {});
    const pids = new Set(processes.map((process) => process.lifecycle.pid));
    for (const pid of last.keys()) if (!pids.has(pid)) last.delete(pid);
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
