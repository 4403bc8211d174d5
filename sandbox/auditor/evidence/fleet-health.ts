import { z } from 'zod';
import { ProcessStatus } from '#contracts/sandbox/control.ts';
import { askJson } from './ask-json.ts';

export type FleetHealth = {
  /** Asks the supervisor; afterwards `calmSinceMs` and `troubles` are up to date. */
  refresh(nowMs: number): Promise<void>;
  /** Since when every process runs; null while one does not, or while nobody says so. */
  calmSinceMs: number | null;
  /** When the youngest process was started, epoch milliseconds; null while nobody says so. */
  lastStartMs: number | null;
  /** What does not run, in words. */
  troubles: string[];
};

/** Not part of what is audited: whether they run says nothing about the orders. */
const bystanders = new Set(['console', 'auditor', 'load']);

/**
 * Whether the fleet is healthy. Liveness is owed only then, so deadlines count from the moment at which the last process
 * came back; a process that was replaced between two looks counts too.
 */
export function watchFleet({ url, token }: { url: string; token: string }): FleetHealth {
  let starts = '';
  const health: FleetHealth = {
    calmSinceMs: null,
    lastStartMs: null,
    troubles: ['the supervisor was not asked yet'],
    async refresh(nowMs) {
      try {
        const all = await askJson(z.array(ProcessStatus), { url: `${url}/v1/processes`, token });
        const fleet = all.filter(({ name }) => !bystanders.has(name));
        health.troubles = fleet
          .filter(({ state }) => state !== 'running')
          .map(({ name, state }) => `${name} is ${state}`);
        const started = fleet.flatMap(({ startedAt }) => (startedAt === null ? [] : [Date.parse(startedAt)]));
        health.lastStartMs = started.length === 0 ? null : Math.max(...started);
        const now = fleet.map(({ name, startedAt }) => `${name} ${startedAt}`).join(';');
        if (now !== starts) health.calmSinceMs = null;
        starts = now;
      } catch {
        health.troubles = ['the supervisor does not answer'];
      }
      if (health.troubles.length > 0) health.calmSinceMs = null;
      else health.calmSinceMs ??= nowMs;
    },
  };
  return health;
}
