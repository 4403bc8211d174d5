import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ProbeResult } from '#contracts/sandbox/experiments.ts';
import { messageOf, type RunContext } from './context.ts';
import { measure, type Reading } from './measure.ts';
import type { PlannedProbe } from './plan.ts';
import { isWithin } from './tolerance.ts';

export type Probing = ReturnType<typeof createProbing>;

/** Asks the probes of a run, against what was read when it began. */
export function createProbing({ world, record, pauses, clock, plan, board }: RunContext) {
  let before: Reading = { processes: [], patterns: [], load: null, board: null };

  async function read(): Promise<Reading> {
    const [patterns, now] = await Promise.all([world.patterns(), board().catch(() => null)]);
    return { processes: world.processes(), patterns, load: record.run.load, board: now };
  }

  /** `index` is its place among the probes of the record. False when it missed, or the run was stopped meanwhile. */
  async function ask(probe: PlannedProbe, index: number): Promise<boolean> {
    const startedMs = clock.now();
    let last: Pick<ProbeResult, 'measured' | 'problem'> = { measured: null, problem: null };
    const held = await pauses.until(async () => {
      try {
        last = { measured: measure(probe.provider, await read(), before), problem: null };
      } catch (error) {
        last = { measured: null, problem: messageOf(error) };
      }
      return isWithin(last.measured, probe.tolerance);
    }, probe.withinMs);
    if (!held && pauses.halt !== null) return false;
    const tookMs = held ? Math.round(clock.now() - startedMs) : null;
    record.changeProbe(index, { ...last, state: held ? 'held' : 'missed', tookMs });
    const found = last.problem ?? String(last.measured);
    const verdict = held ? 'held' : 'missed';
    record.tell('probe', `${probe.name}: ${found}, must be ${toleranceText(probe.tolerance)} – ${verdict}`);
    return held;
  }

  return {
    ask,
    /** Asks the steady state. */
    async askAll(when: 'before' | 'after'): Promise<boolean> {
      const first = record.run.probes.findIndex((probe) => probe.when === when);
      const answers = await Promise.all(plan.steadyState.map((probe, index) => ask(probe, first + index)));
      return answers.every(Boolean);
    },
    /** Reads the fleet as it is before anything is done to it. */
    async begin(): Promise<Reading> {
      before = await read();
      return before;
    },
  };
}
