/** A run as it is written down: what is known of it now, told on each change. */
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type { ExperimentPhase } from '#contracts/sandbox/experiment-phases.ts';
import type {
  Comparison,
  ExperimentEntry,
  ExperimentFault,
  ExperimentRun,
  ProbeResult,
} from '#contracts/sandbox/experiments.ts';
import type { Clock } from '../chaos/clock.ts';
import type { ExperimentPlan, PlannedProbe } from './plan.ts';

export type Record = {
  readonly run: ExperimentRun;
  change(next: Partial<ExperimentRun>): void;
  tell(kind: ExperimentEntry['kind'], text: string): void;
  enter(phase: ExperimentPhase, text: string): void;
  changeProbe(index: number, next: Partial<ProbeResult>): void;
  changeFault(name: string, next: Partial<ExperimentFault>): void;
};

export type RecordOptions = {
  run: string;
  experiment: Experiment;
  seed: number;
  plan: ExperimentPlan;
  comparison: Comparison | null;
  clock: Clock;
  onChange?: ((run: ExperimentRun) => void) | undefined;
};

export function createRecord({ run: id, experiment, seed, plan, comparison, clock, onChange }: RecordOptions): Record {
  const now = () => clock.wall().toISOString();
  const waiting = (when: ProbeResult['when']) => (probe: PlannedProbe) => unasked(probe, when);
  let run: ExperimentRun = {
    run: id,
    experiment,
    seed,
    phase: 'steady-state',
    outcome: null,
    deviations: [],
    comparison,
    shown: [],
    // Known when it has been audited: whoever is killed before has left nobody knows what.
    left: comparison?.part === 'without' ? null : [],
    duplicatesAbsorbed: null,
    worstBurn: null,
    startedAt: now(),
    methodAt: null,
    endedAt: null,
    entries: [],
    probes: [
      ...plan.steadyState.map(waiting('before')),
      ...plan.steps.flatMap((step) => (step.type === 'probe' ? [unasked(step.probe, 'method')] : [])),
      ...plan.steadyState.map(waiting('after')),
    ],
    faults: plan.steps.flatMap((step) =>
      step.type === 'fault'
        ? [{ name: step.name, atMs: step.atMs, run: null, problem: null, detectMs: null, recoverMs: null }]
        : [],
    ),
    load: null,
    verdicts: null,
    auditNotes: [],
    worst: [],
  };
  const change = (next: Partial<ExperimentRun>) => {
    run = { ...run, ...next };
    onChange?.(run);
  };
  const tell = (kind: ExperimentEntry['kind'], text: string) =>
    change({ entries: [...run.entries, { at: now(), kind, text }] });
  return {
    get run() {
      return run;
    },
    change,
    tell,
    enter(phase, text) {
      run = { ...run, phase };
      tell('phase', text);
    },
    changeProbe: (index, next) =>
      change({ probes: run.probes.map((probe, at) => (at === index ? { ...probe, ...next } : probe)) }),
    changeFault: (name, next) =>
      change({ faults: run.faults.map((fault) => (fault.name === name ? { ...fault, ...next } : fault)) }),
  };
}

function unasked({ name, tolerance }: PlannedProbe, when: ProbeResult['when']): ProbeResult {
  return { name, when, state: 'waiting', tolerance, measured: null, tookMs: null, problem: null };
}
