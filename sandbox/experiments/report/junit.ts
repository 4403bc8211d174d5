/** A run as JUnit XML, for whatever collects test results: a suite, and a case for each thing that must hold. */
import { escapeHtml as escapeXml } from '#contracts/html.ts';
import { toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

type Case = { group: string; name: string; seconds: number; failure: string | null; skipped: string | null };

export function junitXml(run: ExperimentRun): string {
  const cases = [...ofFaults(run), ...ofProbes(run), ...ofVerdicts(run), outcome(run)];
  const count = (key: 'failure' | 'skipped') => cases.filter((one) => one[key] !== null).length;
  const seconds = run.endedAt === null ? 0 : (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1_000;
  const suite = `name="${attribute(run.experiment.title)}" tests="${cases.length}" failures="${count('failure')}" errors="0" skipped="${count('skipped')}" time="${seconds.toFixed(3)}" timestamp="${run.startedAt}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
<testsuite ${suite}>
<properties><property name="seed" value="${run.seed}"/><property name="run" value="${run.run}"/></properties>
${cases.map(caseXml).join('\n')}
</testsuite>
</testsuites>
`;
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

function ofProbes({ probes }: ExperimentRun): Case[] {
  return probes.map(({ name, when, state, tolerance, measured, problem, tookMs }) => ({
    group: `probe.${when}`,
    name,
    seconds: (tookMs ?? 0) / 1_000,
    failure: state === 'missed' ? `must be ${toleranceText(tolerance)}: ${problem ?? String(measured)}` : null,
    skipped: state === 'waiting' ? 'not asked' : null,
  }));
}

/** Unknown is a failure for those that the experiment names, and skipped for the others. */
function ofVerdicts({ verdicts, experiment }: ExperimentRun): Case[] {
  return (verdicts ?? []).map(({ id, name, kind, state, why, counterexample }) => {
    const named = experiment.invariants.includes(id);
    const isFailure = (state === 'invalid' && (named || kind !== 'observability')) || (state === 'unknown' && named);
    const text = counterexample?.problem ?? why ?? state;
    return {
      group: 'invariant',
      name: `${id} ${name}`,
      seconds: 0,
      failure: isFailure ? text : null,
      skipped: !isFailure && state !== 'valid' ? text : null,
    };
  });
}

/** Deviations that are no case of their own: lost orders, a guard that stopped it. */
function outcome({ outcome: found, deviations }: ExperimentRun): Case {
  const failure = found === 'passed' ? null : deviations.join('; ') || String(found);
  return { group: 'experiment', name: 'outcome', seconds: 0, failure, skipped: null };
}

/** Characters that XML 1.0 cannot hold at all are left out. */
function attribute(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones.
  return escapeXml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ''));
}
