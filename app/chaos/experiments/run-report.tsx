'use client';

import { Download } from 'lucide-react';
import Link from 'next/link';
import { ComparisonView } from '#components/experiments/comparison-view.tsx';
import { OutcomeBadge } from '#components/experiments/outcome-badge.tsx';
import {
  Deviations,
  ExperimentFaults,
  ExperimentProbes,
  ExperimentTimeline,
  Shown,
} from '#components/experiments/run-view.tsx';
import { RunOutcome } from '#components/load/run-outcome.tsx';
import { Button } from '#components/ui/button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

type RunReportProps = {
  run: ExperimentRun;
  /** The other half of a comparison, once it has begun. */
  other: ExperimentRun | null;
  note: string | null;
  onStop: (run: string) => void;
};

/** A run as it goes, and what came of it. */
export function RunReport({ run, other, note, onStop }: RunReportProps) {
  const { comparison } = run;
  const half = `${comparison === null ? '' : `${comparison.part} ${patternWords(comparison.without)}, `}seed ${run.seed}`;
  return (
    <>
      {comparison === null ? null : (
        <Panel
          title={`With and without ${patternWords(comparison.without)}`}
          note={`seed ${run.seed}`}
          actions={
            // Its own button is where its report is.
            other === null || other.phase === 'over' ? null : (
              <Button size="sm" onClick={() => onStop(other.run)}>
                Stop and roll back
              </Button>
            )
          }
        >
          <ComparisonView
            withIt={comparison.part === 'with' ? run : other}
            withoutIt={comparison.part === 'without' ? run : other}
          />
        </Panel>
      )}
      <Panel
        title={run.experiment.title}
        note={
          <span role="status" className="inline-flex items-center gap-2 max-md:hidden">
            <OutcomeBadge outcome={run.outcome} phase={run.phase} />
            <span>{half}</span>
          </span>
        }
        actions={
          run.phase === 'over' ? (
            <Button asChild size="sm" variant="ghost">
              <a href={`/api/experiments/${run.run}/report`} download>
                <Download aria-hidden />
                Report
              </a>
            </Button>
          ) : (
            <Button size="sm" onClick={() => onStop(run.run)}>
              Stop and roll back
            </Button>
          )
        }
      >
        {/* The title leaves no room for it on a small screen. */}
        <p
          role="status"
          className="flex flex-wrap items-center gap-2 border-b border-border px-3 py-2 text-sm text-tertiary md:hidden"
        >
          <OutcomeBadge outcome={run.outcome} phase={run.phase} />
          <span>{half}</span>
        </p>
        {note ? <PartialNote>This may be out of date: {note}.</PartialNote> : null}
        <Deviations deviations={run.deviations} />
        <Shown shown={run.shown} />
        <ExperimentFaults faults={run.faults} />
      </Panel>
      <Panel title="Probes" note={run.experiment['steady-state-hypothesis'].title}>
        <ExperimentProbes probes={run.probes} />
      </Panel>
      {run.load === null ? null : (
        <Panel title="Orders of the run">
          <RunOutcome run={run.load} />
        </Panel>
      )}
      {run.verdicts === null ? null : <Verdicts run={run} />}
      <Panel title="Timeline" note="from the start of the method">
        <ExperimentTimeline run={run} />
      </Panel>
    </>
  );
}

function Verdicts({ run }: { run: ExperimentRun }) {
  const verdicts = run.verdicts ?? [];
  const count = (state: string) => verdicts.filter((verdict) => verdict.state === state).length;
  const named = verdicts.filter(({ id }) => run.experiment.invariants.includes(id));
  return (
    <Panel
      title="Strict audit"
      note={`${count('valid')} valid, ${count('invalid')} invalid, ${count('unknown')} unknown`}
      actions={
        <Button asChild size="sm" variant="ghost">
          <Link href="/proof">Proof</Link>
        </Button>
      }
    >
      <ul className="flex flex-col gap-1 p-4 text-sm">
        {named.map(({ id, name, state, evidence }) => (
          <li key={id} className="grid grid-cols-[40px_minmax(0,1fr)]">
            <span className="font-mono">{id}</span>
            <span>
              {name} <span className={state === 'valid' ? 'text-ok' : 'text-error'}>{state}</span>{' '}
              <span className="text-tertiary">{evidence.map(({ count: many, of }) => `${many} ${of}`).join(', ')}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
