/** A run with a pattern beside the same without it, in words and figures. Pure; the browser reads it too. */
import type { PatternRef } from './experiment-file.ts';
import type { ExperimentRun } from './experiments.ts';

export type ComparisonRow = { what: string; with: string; without: string };

export type Broken = { id: string; name: string; problem: string; orderId: string | null };

/** As it is typed: `inbox@workers`. */
export function patternText({ pattern, service }: PatternRef): string {
  return `${pattern}@${service}`;
}

/** `inbox in workers`. */
export function patternWords({ pattern, service }: PatternRef): string {
  return `${pattern.replaceAll('-', ' ')} in ${service}`;
}

/** Whether the second half of a comparison follows on this one, which is the first. */
export function isFollowed({ comparison, outcome }: Pick<ExperimentRun, 'comparison' | 'outcome'>): boolean {
  return comparison?.part === 'with' && (outcome === 'passed' || outcome === 'deviated');
}

/** Invariants that a run has broken, with the counterexample of each. */
export function brokenIn({ verdicts }: Pick<ExperimentRun, 'verdicts'>): Broken[] {
  return (verdicts ?? [])
    .filter(({ state, kind }) => state === 'invalid' && kind !== 'observability')
    .map(({ id, name, counterexample, violations }) => ({
      id,
      name,
      problem: counterexample?.problem ?? `${violations} found`,
      orderId: counterexample?.orderId ?? null,
    }));
}

/** Figures of both halves; a half that is not there yet, or has no such figure, has a dash. */
export function compareRuns(withIt: ExperimentRun | null, withoutIt: ExperimentRun | null): ComparisonRow[] {
  const row = (what: string, read: (run: ExperimentRun) => number | string | null | undefined): ComparisonRow => {
    const text = (run: ExperimentRun | null) => String((run === null ? null : read(run)) ?? '–');
    return { what, with: text(withIt), without: text(withoutIt) };
  };
  const ms = (value: number | null | undefined) => (value == null ? null : `${Math.round(value)} ms`);
  return [
    row('Hits of its faults', ({ faults }) => faults.reduce((sum, { run }) => sum + (run?.hits ?? 0), 0)),
    row('Orders accepted', ({ load }) => load?.ok),
    row('Refused', ({ load }) => load?.fail),
    row('Without a good answer', ({ load }) => load?.info),
    row('Confirmed', ({ load }) => load?.confirmed),
    row('Cancelled', ({ load }) => load?.cancelled),
    row('Accepted and lost', ({ load }) => load?.lostCount),
    row('p95 of the answers', ({ load }) => ms(load?.accepted.p95)),
    row('p95 until an order has ended', ({ load }) => ms(load?.saga.p95)),
    row('Duplicates absorbed', ({ duplicatesAbsorbed }) => duplicatesAbsorbed),
    row('Invariants broken', (run) =>
      run.verdicts === null
        ? null
        : brokenIn(run)
            .map(({ id }) => id)
            .join(', ') || 'none',
    ),
  ];
}
