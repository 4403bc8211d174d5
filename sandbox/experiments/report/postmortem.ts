/** A first draft of the postmortem, under the guide's headings. It says what was recorded; people add what it means. */
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import { offsetText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { burnRate } from '../burn.ts';
import { calmText } from '../signs.ts';
import { detectText, durationText, objectives, outcomeText, recoverText } from './facts.ts';

export type Section = { heading: string; lines: string[] };

export function postmortem(run: ExperimentRun): Section[] {
  return [
    { heading: 'Summary', lines: summary(run) },
    { heading: 'Incident detection', lines: detection(run) },
    { heading: 'Initial triage', lines: triage(run) },
    { heading: 'Mitigation', lines: mitigation(run) },
    { heading: 'Timeline', lines: run.entries.map(({ at, text }) => `${offsetText(run, at)}  ${text}`) },
    { heading: 'Root cause', lines: rootCause(run) },
    { heading: 'Action items', lines: actionItems(run) },
  ];
}

function summary(run: ExperimentRun): string[] {
  const { experiment, load } = run;
  const lines = [`${experiment.title}: ${outcomeText(run)}. Seed ${run.seed}, begun ${run.startedAt}.`];
  if (load === null) return lines;
  lines.push(
    `${load.due} orders became due: ${load.ok} acknowledged, ${load.fail} refused, ${load.info} without a good answer. ` +
      `Of the acknowledged ${load.confirmed} were confirmed, ${load.cancelled} cancelled, ${load.lostCount} lost.`,
  );
  const burn = burnRate(load, objectives.availability);
  if (burn !== null) {
    lines.push(
      `Error budget (${objectives.availability * 100} % of requests): spent at ${burn.toFixed(1)} times the allowed rate while the load ran. ` +
        `p95 of the answers ${load.accepted.p95 === null ? 'unknown' : durationText(load.accepted.p95)}, objective ${objectives.acceptedP95Ms} ms.`,
    );
  }
  return lines;
}

function detection(run: ExperimentRun): string[] {
  return run.faults.map((fault) => `${fault.name}: first sign after ${detectText(fault)}.`);
}

function triage({ entries, faults }: ExperimentRun): string[] {
  const signs = entries.filter(({ kind }) => kind === 'sign').map(({ text }) => text);
  const seen = [...new Set(signs.filter((text) => text !== calmText).flatMap((text) => text.split(', ')))];
  const touched = [...new Set(faults.flatMap(({ run }) => run?.touches ?? []))];
  return [
    seen.length === 0 ? 'Nothing unusual was to be seen from outside.' : `Seen: ${seen.join(', ')}.`,
    `Within reach of the faults: ${touched.join(', ') || 'nobody'}.`,
  ];
}

function mitigation({ faults, entries }: ExperimentRun): string[] {
  const ended = faults.flatMap((fault) =>
    fault.run === null
      ? []
      : [
          `${fault.name}: ended by ${fault.run.endedBy ?? 'nobody yet'}, verified after ${durationText(fault.run.revertMs ?? 0)}; calm again after ${recoverText(fault)}.`,
        ],
  );
  return [...ended, ...entries.filter(({ kind }) => kind === 'rollback').map(({ text }) => `Rollback, ${text}.`)];
}

function rootCause({ faults, comparison, shown }: ExperimentRun): string[] {
  const injected = faults.flatMap(({ run }) =>
    run === null
      ? []
      : [
          `Injected: ${run.title} (${run.code}) on ${run.target}, ${run.hits === 1 ? '1 hit' : `${run.hits} hits`}, for at most ${durationText(run.ttlMs)}.`,
        ],
  );
  if (injected.length === 0) injected.push('No fault was injected.');
  if (comparison?.part !== 'without') return injected;
  const off = `Switched off for the lesson: ${patternWords(comparison.without)}. ${comparison.teaches ?? ''}`.trimEnd();
  return [...injected, off, ...shown];
}

function actionItems({ deviations }: ExperimentRun): string[] {
  if (deviations.length === 0) return ['None follows from this run: all that was asked held.'];
  return deviations.map((text) => `Find out why: ${text}`);
}
