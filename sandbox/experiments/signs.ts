/** When a fault was first to be seen in the fleet, and when nothing of it was to be seen any more. Pure. */
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';

export const calmText = 'nothing unusual is to be seen';

export type Observation = { atMs: number; signs: readonly string[] };

/** The guide's objective for an answer: what takes longer is seen by customers. */
const slowMs = 200;
/** An outbox that is relayed is empty within a poll; rows that are older wait for something. */
const staleOutboxMs = 2_000;

export type Seen = {
  processes: readonly ProcessStatus[];
  patterns: readonly ServicePatterns[];
  load: LoadRun | null;
  loadBefore: LoadRun | null;
  /** p95 of the answers before the first fault; null when there was none. */
  usualP95Ms: number | null;
};

const stateTexts: Record<ProcessStatus['state'], string> = {
  running: 'running',
  degraded: 'not ready',
  starting: 'starting',
  waiting: 'waiting for another process',
  paused: 'frozen',
  stopping: 'stopping',
  stopped: 'down',
  backoff: 'down',
  'crash-loop': 'in a crash loop',
  failed: 'down',
};

/** What is to be seen right now, in words that stay the same while it lasts. */
export function signsOf({ processes, patterns, load, loadBefore, usualP95Ms }: Seen): string[] {
  const signs = processes
    .filter(({ state }) => state !== 'running')
    .map(({ name, state }) => `${name} is ${stateTexts[state]}`);
  for (const { service, patterns: known } of patterns) {
    for (const { pattern, parts } of known ?? []) {
      for (const { name, facts } of parts) {
        if (pattern === 'circuit-breaker' && facts.state !== 'closed')
          signs.push(`the breaker of ${service} for ${name} is open`);
        if (pattern === 'dead-letter' && Number(facts.keys) > 0) signs.push(`${service} has set messages aside`);
        if (pattern === 'outbox' && Number(facts.ageMs) > staleOutboxMs) signs.push(`the outbox of ${service} waits`);
      }
    }
  }
  if (load !== null && loadBefore !== null && load.run === loadBefore.run) {
    if (load.fail > loadBefore.fail) signs.push('requests are refused');
    if (load.info > loadBefore.info) signs.push('requests get no good answer');
  }
  const latest = load?.phase === 'placing' ? load.samples.at(-1)?.acceptedP95Ms : null;
  if (latest && latest > Math.max(slowMs, 2 * (usualP95Ms ?? 0))) signs.push('answers are slow');
  return signs;
}

/** Milliseconds from `armedMs` to the first observation with a sign; null when there was none until `untilMs`. */
export function detectMs(observations: readonly Observation[], armedMs: number, untilMs: number): number | null {
  const first = observations.find(({ atMs, signs }) => atMs >= armedMs && atMs <= untilMs && signs.length > 0);
  return first === undefined ? null : first.atMs - armedMs;
}

/** Milliseconds from `endedMs` to the first moment without signs; null when they did not go away. */
export function recoverMs(observations: readonly Observation[], endedMs: number): number | null {
  const calm = observations.find(({ atMs, signs }) => atMs >= endedMs && signs.length === 0);
  return calm === undefined ? null : calm.atMs - endedMs;
}
