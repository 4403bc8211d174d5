/** What did not hold, one sentence each. Pure: from the run as it is recorded. */

import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

export function deviationsOf(run: Omit<ExperimentRun, 'deviations' | 'outcome'>): string[] {
  return [...ofFaults(run), ...ofProbes(run), ...ofLoad(run), ...ofVerdicts(run)];
}

function ofFaults({ faults }: Pick<ExperimentRun, 'faults'>): string[] {
  return faults.flatMap(({ name, run, problem }) => {
    if (run === null) return [`"${name}" was not armed${problem === null ? '' : `: ${problem}`}`];
    const unreverted =
      run.state === 'reverted' ? [] : [`"${name}" is not verified to be gone: ${run.reason ?? run.state}`];
    return run.hits === 0 ? [`"${name}" did not bite: its injector touched nothing`, ...unreverted] : unreverted;
  });
}

function ofProbes({ probes }: Pick<ExperimentRun, 'probes'>): string[] {
  return probes
    .filter(({ state }) => state !== 'held')
    .map(({ name, when, tolerance, measured, problem, state }) => {
      if (state === 'waiting') return `"${name}" (${when}) was not asked`;
      const found = problem ?? `it was ${measured === null ? 'not to be had' : measured}`;
      return `"${name}" (${when}) must be ${toleranceText(tolerance)}: ${found}`;
    });
}

function ofLoad({ load }: Pick<ExperimentRun, 'load'>): string[] {
  if (load === null) return ['no load ran'];
  const found = [];
  if (load.phase === 'failed') found.push(`the load failed: ${load.problem ?? 'no reason'}`);
  if (load.lostCount > 0) found.push(`${load.lostCount} acknowledged orders did not end, ${load.lost[0]} among them`);
  if (load.ok === 0) found.push('not one order was acknowledged: nothing was shown');
  return found;
}

function ofVerdicts({
  verdicts,
  auditNotes,
  experiment,
}: Pick<ExperimentRun, 'verdicts' | 'auditNotes' | 'experiment'>): string[] {
  if (verdicts === null) return ['there was no final audit'];
  const broken = verdicts.flatMap(({ id, name, kind, state, violations, counterexample, why }) => {
    const named = experiment.invariants.includes(id);
    if (state === 'invalid' && (named || kind !== 'observability')) {
      return [
        `${id} (${name}) is broken (${violations} found): ${counterexample?.problem ?? 'no counterexample is kept'}`,
      ];
    }
    return named && state === 'unknown' ? [`${id} (${name}) could not be judged: ${why ?? 'no evidence'}`] : [];
  });
  const missing = experiment.invariants.filter((id) => !verdicts.some((verdict) => verdict.id === id));
  return [...broken, ...missing.map((id) => `${id} was not judged`), ...auditNotes];
}
