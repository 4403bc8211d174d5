/** What a report says of a run in words and figures. Pure. */
import type { ExperimentFault, ExperimentRun } from '#contracts/sandbox/experiments.ts';

/** The guide's objectives for calls of the API. */
export const objectives = { availability: 0.9995, acceptedP95Ms: 200 };

export const outcomeTexts = {
  passed: 'passed',
  lesson: 'broke as it was meant to',
  deviated: 'deviated: something did not hold',
  stopped: 'stopped',
  'not-run': 'not run',
} as const;

export function outcomeText({ outcome, phase }: Pick<ExperimentRun, 'outcome' | 'phase'>): string {
  return outcome === null ? `under way: ${phase}` : outcomeTexts[outcome];
}

export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

export function detectText({ run, detectMs }: ExperimentFault): string {
  if (run === null) return '–';
  return detectMs === null ? 'no sign of it was seen' : durationText(detectMs);
}

export function recoverText({ run, detectMs, recoverMs }: ExperimentFault): string {
  if (run === null) return '–';
  if (detectMs === null) return 'nothing to recover from';
  return recoverMs === null ? 'signs stayed' : durationText(recoverMs);
}
