/** What the browser needs of experiments.ts as values; without zod, which it must not carry. */

export const experimentPhases = [
  'steady-state',
  'method',
  'rollbacks',
  'settling',
  'audit',
  'afterwards',
  'over',
] as const;
export type ExperimentPhase = (typeof experimentPhases)[number];

/** lesson: a pattern was off, and what it is there for went wrong. */
export const experimentOutcomes = ['passed', 'lesson', 'deviated', 'stopped', 'not-run'] as const;
export type ExperimentOutcome = (typeof experimentOutcomes)[number];
