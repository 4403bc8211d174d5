/** Looks at the fleet while a run goes on: signs of its faults, and reasons to stop it. */
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { type BurnPoint, burnOver, exhausted } from './burn.ts';
import type { RunContext } from './context.ts';
import { createDuplicateCount } from './duplicates.ts';
import type { OwnFaults } from './own-faults.ts';
import { calmText, type Observation, signsOf } from './signs.ts';
import type { Switch } from './switch.ts';

const lookEveryMs = 250;
const guardEveryMs = 1_000;

export function createWatch(context: RunContext, faults: OwnFaults, switched: Switch) {
  const { world, record, clock, pauses, experiment, comparison, stopBecause } = context;
  const observations: Observation[] = [];
  const points: BurnPoint[] = [];

  async function watchSigns(over: () => boolean): Promise<void> {
    let loadBefore: LoadRun | null = null;
    let usualP95Ms: number | null = null;
    const told = new Set<string>();
    const duplicates = createDuplicateCount();
    while (!over()) {
      const { load: known } = record.run;
      if (known !== null && !isOver(known))
        record.change({ load: await world.load.find(known.run).catch(() => known) });
      faults.look();
      const { load } = record.run;
      if (record.run.faults.every(({ run }) => run === null)) usualP95Ms = load?.accepted.p95 ?? null;
      const patterns = await world.patterns();
      const duplicatesAbsorbed = duplicates(patterns);
      if (duplicatesAbsorbed !== record.run.duplicatesAbsorbed) record.change({ duplicatesAbsorbed });
      const signs = signsOf({ processes: world.processes(), patterns, load, loadBefore, usualP95Ms });
      observations.push({ atMs: clock.wall().getTime(), signs });
      // Each is told once until all are gone: those that come and go by the moment would drown the rest.
      const news = signs.filter((sign) => !told.has(sign));
      if (news.length > 0) record.tell('sign', news.join(', '));
      for (const sign of news) told.add(sign);
      if (signs.length === 0 && told.size > 0) {
        told.clear();
        record.tell('sign', calmText);
      }
      loadBefore = load;
      lookAtBudget(load);
      await pauses.sleep(lookEveryMs, { always: true });
    }
  }

  function lookAtBudget(load: LoadRun | null): void {
    const budget = experiment['error-budget'];
    if (budget === null || load === null) return;
    points.push({ atMs: clock.now(), ok: load.ok, fail: load.fail, info: load.info });
    const burn = burnOver(points, budget);
    if (burn !== null && burn.rate > (record.run.worstBurn ?? -1)) record.change({ worstBurn: burn.rate });
    const reason = exhausted(burn, budget);
    if (reason !== null) stopBecause({ by: 'guard', reason });
  }

  async function guard(over: () => boolean): Promise<void> {
    const expected = comparison?.part === 'without' ? comparison.breaks : [];
    const told = new Set<string>();
    while (!over()) {
      await switched.keepOff();
      const board = await context.board().catch(() => null);
      for (const { id, name, kind, state, counterexample, statement } of board?.verdicts ?? []) {
        if (kind !== 'safety' || state !== 'invalid') continue;
        const reason = `${id} (${name}) is broken: ${counterexample?.problem ?? statement}`;
        if (!expected.includes(id)) stopBecause({ by: 'guard', reason });
        else if (!told.has(id) && switched.off !== null)
          record.tell('switch', `${reason} As expected without ${patternWords(switched.off)}.`);
        told.add(id);
      }
      await pauses.sleep(guardEveryMs, { always: true });
    }
  }

  return {
    observations,
    start: (over: () => boolean) => Promise.all([watchSigns(over), guard(over)]),
  };
}
