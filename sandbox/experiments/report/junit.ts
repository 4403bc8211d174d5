/** A run as JUnit XML, for whatever collects test results: a suite, and a case for each thing that must hold. */
import { escapeHtml as escapeXml } from '#contracts/html.ts';
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

type Case = { group: string; name: string; seconds: number; failure: string | null; skipped: string | null };

/** A suite for each run: two for a comparison. */
export function junitXml(...runs: readonly ExperimentRun[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
${runs.map(suiteXml).join('\n')}
</testsuites>
`;
}

function suiteXml(run: ExperimentRun): string {
  const cases = [...ofFaults(run), ...ofProbes(run), ...ofVerdicts(run), outcome(run)];
  const count = (key: 'failure' | 'skipped') => cases.filter((one) => one[key] !== null).length;
  const seconds = run.endedAt === null ? 0 : (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1_000;
  const off = run.comparison?.part === 'without' ? ` without ${patternWords(run.comparison.without)}` : '';
  const suite = `name="${attribute(run.experiment.title + off)}" tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}" time="${seconds.toFixed(3)}" timestamp="${run.startedAt}"`;
  return `<testsuite ${suite}>
<properties><property name="seed" value="${run.seed}"/><property name="run" value="${run.run}"/></properties>
${cases.map(caseXml).join('\n')}
</testsuite>`;
}

function caseXml({ group, name, seconds, failure, skipped }: Case): string {
  const start = `<testcase classname="${attribute(group)}" name="${attribute(name)}" time="${seconds.toFixed(3)}"`;
  if (failure !== null) return `${start}><failure message="${attribute(failure)}"/></testcase>`;
  return skipped === null ? `${start}/>` : `${start}><skipped message="${attribute(skipped)}"/></testcase>`;
}

function ofFaults({ faults }: ExperimentRun): Case[] {
  return faults.map(({ name, run, problem }) => ({
    group: 'fault',
    name: `${name}: bites`,
    seconds: 0,
    failure: run === null || run.hits === 0 ? (problem ?? (run === null ? 'it was not armed' : 'no hits')) : null,
    skipped: null,
  }));
}

function ofProbes(run: ExperimentRun): Case[] {
  return run.probes.map(({ name, when, state, tolerance, measured, problem, tookMs }) => ({
    group: `probe.${when}`,
    name,
    seconds: (tookMs ?? 0) / 1_000,
    failure: null,
    skipped: state === 'waiting' ? 'not asked' : null,
    ...(state === 'missed' ? missed(run, `must be ${toleranceText(tolerance)}: ${problem ?? String(measured)}`) : {}),
  }));
}

/** Without its pattern a run is to fail: that is its lesson, and no failure of a test. */
function missed({ outcome: found }: ExperimentRun, text: string): Pick<Case, 'failure' | 'skipped'> {
  return found === 'lesson' ? { failure: null, skipped: `as expected: ${text}` } : { failure: text, skipped: null };
}

/** Unknown is a failure for those that the experiment names, and skipped for the others. */
function ofVerdicts(run: ExperimentRun): Case[] {
  const { verdicts, experiment } = run;
  return (verdicts ?? []).map(({ id, name, kind, state, why, counterexample }) => {
    const named = experiment.invariants.includes(id);
    const isFailure = (state === 'invalid' && (named || kind !== 'observability')) || (state === 'unknown' && named);
    const text = counterexample?.problem ?? why ?? state;
    return {
      group: 'invariant',
      name: `${id} ${name}`,
      seconds: 0,
      ...(isFailure ? missed(run, text) : { failure: null, skipped: state === 'valid' ? null : text }),
    };
  });
}

/** Deviations that are no case of their own: lost orders, a guard that stopped it. */
function outcome({ outcome: found, deviations }: ExperimentRun): Case {
  const failure = found === 'passed' || found === 'lesson' ? null : deviations.join('; ') || String(found);
  return { group: 'experiment', name: 'outcome', seconds: 0, failure, skipped: null };
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function attribute(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones.
  return escapeXml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ''));
}
