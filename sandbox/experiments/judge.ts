/** What came of a run, and what did not hold, one sentence each. Pure: from the run as it is recorded. */

import { brokenIn, patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import type { Halt } from './pauses.ts';

type Recorded = Omit<ExperimentRun, 'deviations' | 'shown' | 'outcome'>;
type Judgement = Pick<ExperimentRun, 'deviations' | 'shown' | 'outcome'>;

/** `problem` is what kept it from going on, `halt` who stopped it. */
export function judge(run: Recorded, problem: string | null, halt: Halt | null): Judgement {
  const isByUser = halt?.by === 'user';
  if (run.methodAt === null) {
    const deviations = [problem ?? halt?.reason ?? 'it did not begin'];
    return { outcome: isByUser ? 'stopped' : 'not-run', deviations, shown: [] };
  }
  const causes = [halt?.reason, problem].filter((text) => text !== undefined && text !== null);
  const evidence = [...causes, ...ofFaults(run), ...ofEvidence(run)];
  const found = [...ofProbes(run), ...ofOrders(run), ...ofVerdicts(run)];
  const isLesson = run.comparison?.part === 'without';
  const deviations = isLesson ? [...evidence, ...unshown(run, found)] : [...evidence, ...found];
  const good = isLesson && found.length > 0 ? 'lesson' : 'passed';
  return {
    outcome: isByUser ? 'stopped' : deviations.length > 0 ? 'deviated' : good,
    deviations: [...new Set(deviations)],
    shown: isLesson ? found : [],
  };
}

/** A pattern that is off must be missed, or nothing is learnt. */
function unshown(run: Recorded, found: readonly string[]): string[] {
  const { comparison } = run;
  if (comparison === null || comparison.breaks.length === 0) return [];
  const broken = brokenIn(run).map(({ id }) => id);
  if (comparison.breaks.some((id) => broken.includes(id))) return [];
  const besides = found.length === 0 ? '' : `, but: ${found.join('; ')}`;
  return [
    `${comparison.breaks.join(', ')} held without ${patternWords(comparison.without)}: nothing was shown${besides}`,
  ];
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

/** Without these nothing was shown, whatever is switched off. */
function ofEvidence({ load, verdicts }: Pick<ExperimentRun, 'load' | 'verdicts'>): string[] {
  const missing = verdicts === null ? ['there was no final audit'] : [];
  if (load === null) return ['no load ran', ...missing];
  if (load.phase === 'failed') missing.push(`the load failed: ${load.problem ?? 'no reason'}`);
  if (load.ok === 0) missing.push('not one order was acknowledged: nothing was shown');
  return missing;
}

function ofOrders({ load }: Pick<ExperimentRun, 'load'>): string[] {
  if (load === null || load.lostCount === 0) return [];
  return [`${load.lostCount} acknowledged orders did not end, ${load.lost[0]} among them`];
}

function ofVerdicts({
  verdicts,
  auditNotes,
  experiment,
}: Pick<ExperimentRun, 'verdicts' | 'auditNotes' | 'experiment'>): string[] {
  if (verdicts === null) return [];
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
