/**
 * What runs without a pattern have left broken. Ledgers are kept, so a customer who was charged twice stays so: later
 * runs count what is added to it. Pure.
 */
import type { InvariantId, Verdict } from '#contracts/sandbox/audit.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

/** Violations by invariant. */
export type Damage = ReadonlyMap<InvariantId, number>;

/** `runs` newest first: what the newest has left includes what was there before it. */
export function damageOf(runs: readonly Pick<ExperimentRun, 'left'>[]): Damage {
  const newest = runs.find(({ left }) => left !== null && left.length > 0);
  return new Map(newest?.left?.map(({ id, violations }) => [id, violations]));
}

/** The verdicts as they are, to be remembered as damage. */
export function leftBy(verdicts: readonly Verdict[]): NonNullable<ExperimentRun['left']> {
  return verdicts.flatMap(({ id, state, violations }) => (state === 'invalid' ? [{ id, violations }] : []));
}

/** The verdicts without what was broken before; a counterexample from before `sinceMs` says nothing of this run. */
export function lessDamage(verdicts: readonly Verdict[], damage: Damage, sinceMs: number): Verdict[] {
  return verdicts.map((verdict) => {
    const before = damage.get(verdict.id) ?? 0;
    if (verdict.state !== 'invalid' || before === 0) return verdict;
    const violations = verdict.violations - before;
    if (violations <= 0) {
      const why = `${before} found, all left by an earlier run without a pattern`;
      return { ...verdict, state: 'valid', violations: 0, counterexample: null, why };
    }
    const { counterexample } = verdict;
    const isOurs = counterexample !== null && Date.parse(counterexample.foundAt) >= sinceMs;
    return { ...verdict, violations, counterexample: isOurs ? counterexample : null };
  });
}
