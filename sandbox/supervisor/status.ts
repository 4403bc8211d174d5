import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { Lifecycle } from './lifecycle.ts';

export type Usage = { cpuPercent: number | null; memoryBytes: number | null };

/** A lifecycle as the control API tells it. */
export function describeStatus(
  name: string,
  ports: Record<string, number>,
  life: Lifecycle,
  usage: Usage,
): ProcessStatus {
  return {
    name,
    state: life.state,
    pid: life.pid,
    ports,
    startedAt: instant(life.startedAtMs),
    readyAt: instant(life.readyAtMs),
    restarts: Math.max(0, life.starts - 1),
    lastExit: life.lastExit && {
      at: new Date(life.lastExit.atMs).toISOString(),
      code: life.lastExit.code,
      signal: life.lastExit.signal,
      expected: life.lastExit.expected,
    },
    nextStartAt: instant(life.nextStartAtMs),
    reason: life.reason,
    waitingFor: [...life.waitingFor],
    cpuPercent: life.pid === null ? null : usage.cpuPercent,
    memoryBytes: life.pid === null ? null : usage.memoryBytes,
  };
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
