'use client';

import { useId } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { patternText, patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { Experiment, PatternRef } from '#contracts/sandbox/experiment-file.ts';
import type { ReadyExperiment } from '#contracts/sandbox/experiments.ts';

export type PlanPanelProps = {
  ready: ReadyExperiment;
  seed: number;
  onSeed: (seed: number) => void;
  /** Why it cannot begin, null when it can. */
  blocked: string | null;
  onStart: () => void;
  /** Runs it as it is, and once more without the pattern. */
  onCompare: (without: PatternRef) => void;
};

/** What an experiment will do, before it does it. */
export function PlanPanel({ ready, seed, onSeed, blocked, onStart, onCompare }: PlanPanelProps) {
  const { name, experiment, problem } = ready;
  const seedId = useId();
  if (experiment === null) {
    return (
      <Panel title={name}>
        <ErrorState title="This file is no experiment" detail={problem ?? undefined} />
      </Panel>
    );
  }
  return (
    <Panel
      title={experiment.title}
      actions={
        <CopyButton
          value={`npm run orrery -- chaos run ${name} --seed ${seed} --report report.html`}
          label="Copy the experiment as a command"
        />
      }
    >
      <div className="flex flex-col gap-3 p-4">
        <p className="max-w-prose text-secondary">{experiment.description}</p>
        <ol className="flex flex-col gap-1 text-sm">
          {linesOf(experiment).map(({ at, what, isFault }) => (
            <li key={`${at} ${what}`} className="grid grid-cols-[88px_minmax(0,1fr)] gap-2">
              <span className="font-mono text-tertiary">{at}</span>
              <span className={isFault ? 'text-fault' : undefined}>{what}</span>
            </li>
          ))}
        </ol>
        <p className="text-sm text-secondary">
          Must be valid in the end: <span className="font-mono">{experiment.invariants.join(' ')}</span>
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <label htmlFor={seedId} className="flex items-center gap-2 text-sm text-secondary">
            Seed
          </label>
          <Input
            id={seedId}
            type="number"
            min={0}
            max={4_294_967_295}
            step={1}
            value={seed}
            onChange={({ target }) => {
              const next = target.valueAsNumber;
              if (Number.isInteger(next) && next >= 0 && next <= 4_294_967_295) onSeed(next);
            }}
            className="w-32"
          />
          <Button variant="primary" aria-disabled={blocked !== null} onClick={() => blocked === null && onStart()}>
            Run experiment
          </Button>
          {blocked ? <span className="text-sm text-secondary">{blocked}</span> : null}
        </div>
      </div>
      {experiment.lessons.length === 0 ? null : (
        <ul aria-label="Lessons" className="flex flex-col border-t border-border">
          {experiment.lessons.map(({ without, teaches, breaks }) => (
            <li key={patternText(without)} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
              <p className="min-w-0 flex-1 basis-72 text-secondary">
                {teaches} <span className="font-mono text-tertiary">{breaks.join(' ')}</span>
              </p>
              <Button aria-disabled={blocked !== null} onClick={() => blocked === null && onCompare(without)}>
                Compare without {patternWords(without)}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function linesOf({ load, method }: Experiment): { at: string; what: string; isFault: boolean }[] {
  const steps = method.map((step) => {
    const at = typeof step.at === 'string' ? step.at : step.at.join(' – ');
    if (step.type === 'probe') return { at, what: `Probe: ${step.name}`, isFault: false };
    const { fault, target, for: lease } = step.provider;
    return { at, what: `Fault: ${step.name} (${fault} on ${target}, at most ${lease})`, isFault: true };
  });
  return [{ at: '0s', what: `Load: ${load.rate} orders a second for ${load.for}`, isFault: false }, ...steps];
}
