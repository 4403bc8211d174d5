import type { Tone } from '#components/ui/badge.tsx';
import type { ExperimentOutcome, ExperimentPhase } from '#contracts/sandbox/experiment-phases.ts';

export const phaseTexts: Record<ExperimentPhase, string> = {
  'steady-state': 'steady state',
  method: 'method',
  rollbacks: 'rollbacks',
  settling: 'waiting until each order has ended',
  audit: 'strict audit',
  afterwards: 'steady state again',
  over: 'over',
};

export const outcomeWords: Record<ExperimentOutcome, { word: string; tone: Tone }> = {
  passed: { word: 'passed', tone: 'ok' },
  lesson: { word: 'broke as it was meant to', tone: 'fault' },
  deviated: { word: 'deviated', tone: 'error' },
  stopped: { word: 'stopped', tone: 'warn' },
  'not-run': { word: 'not run', tone: 'warn' },
};
