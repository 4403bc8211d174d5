/** What a run of an experiment will do and when. Pure: the same file and seed give the same plan. */
import { AppError } from '#contracts/errors.ts';
import type { FaultDescription, FaultOrder } from '#contracts/sandbox/chaos.ts';
import { durationMs } from '#contracts/sandbox/duration.ts';
import type { Experiment, FaultAction, ProbeProvider, Tolerance } from '#contracts/sandbox/experiment-file.ts';
import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { seededRandom } from '../load/random.ts';

export type PlannedProbe = { name: string; provider: ProbeProvider; tolerance: Tolerance; withinMs: number };
export type PlannedStep =
  | { type: 'fault'; name: string; atMs: number; order: Required<FaultOrder> }
  | { type: 'probe'; atMs: number; probe: PlannedProbe };

export type ExperimentPlan = {
  load: LoadPlan;
  /** In order of their times; of equal ones in order of the file. */
  steps: PlannedStep[];
  steadyState: PlannedProbe[];
};

export function planExperiment(experiment: Experiment, seed: number): ExperimentPlan {
  const { load, method } = experiment;
  const steps = method.map((step, index): PlannedStep => {
    if (step.type === 'probe') return { type: 'probe', atMs: durationMs(step.at), probe: plannedProbe(step) };
    const { fault, target, parameters, for: lease } = step.provider;
    const order = { fault, target, parameters, ttlMs: durationMs(lease), seed: `${seed}-${index}` };
    return { type: 'fault', name: step.name, atMs: timeOf(step, seed, index), order };
  });
  return {
    load: {
      ratePerSecond: load.rate,
      seconds: durationMs(load.for) / 1_000,
      orders: null,
      arrivals: load.arrivals,
      seed,
      saga: load.saga,
      mix: load.mix,
    },
    steps: steps.sort((a, b) => a.atMs - b.atMs),
    steadyState: experiment['steady-state-hypothesis'].probes.map(plannedProbe),
  };
}

function timeOf({ at }: FaultAction, seed: number, index: number): number {
  if (typeof at === 'string') return durationMs(at);
  const [from, to] = [durationMs(at[0]), durationMs(at[1])];
  return Math.round(from + seededRandom(seed, index + 1)() * (to - from));
}

type WrittenProbe = Omit<PlannedProbe, 'withinMs'> & { within: string };

function plannedProbe({ name, provider, tolerance, within }: WrittenProbe): PlannedProbe {
  return { name, provider, tolerance, withinMs: durationMs(within) };
}

/** Throws `unprocessable` for a fault, target or time that cannot be, before anything is done. */
export function assertFeasible({ steps }: ExperimentPlan, catalogue: readonly FaultDescription[]): void {
  const taken: { name: string; target: string; untilMs: number }[] = [];
  for (const step of steps) {
    if (step.type !== 'fault') continue;
    const { fault: name, target, ttlMs } = step.order;
    const fault = catalogue.find((known) => known.name === name);
    if (fault === undefined) {
      const known = catalogue.map((other) => other.name).join(', ');
      throw new AppError('unprocessable', `"${step.name}": there is no fault "${name}"; there are ${known}`);
    }
    if (!fault.targets.some(({ id }) => id === target)) {
      const known = fault.targets.map(({ id }) => id).join(', ');
      throw new AppError('unprocessable', `"${step.name}": ${name} has no target "${target}"; it has ${known}`);
    }
    const unknown = Object.keys(step.order.parameters).find(
      (parameter) => !fault.parameters.some((known) => known.name === parameter),
    );
    if (unknown !== undefined) {
      const known = fault.parameters.map((parameter) => parameter.name).join(', ') || 'none';
      throw new AppError('unprocessable', `"${step.name}": ${name} has no parameter "${unknown}"; it has ${known}`);
    }
    const other = taken.find((earlier) => earlier.target === target && step.atMs < earlier.untilMs);
    if (other !== undefined) {
      throw new AppError('unprocessable', `"${step.name}" begins while "${other.name}" may still be on ${target}`);
    }
    taken.push({ name: step.name, target, untilMs: step.atMs + ttlMs });
  }
}
