import type { Verdict } from '#contracts/sandbox/audit.ts';

/** `24 valid, 1 invalid, 2 unknown`; what there is none of is left out. */
export function verdictSummary(verdicts: readonly Pick<Verdict, 'state'>[]): string {
  return (['valid', 'invalid', 'unknown'] as const)
    .map((state) => ({ state, count: verdicts.filter((verdict) => verdict.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`)
    .join(', ');
}
