import type { AuditBoard } from '#contracts/sandbox/audit.ts';
import type { Experiment } from '#contracts/sandbox/experiment-file.ts';
import type { Comparison, ExperimentRun } from '#contracts/sandbox/experiments.ts';
import type { Clock } from '../chaos/clock.ts';
import type { Damage } from './damage.ts';
import type { Halt, Pauses } from './pauses.ts';
import type { ExperimentPlan } from './plan.ts';
import type { Record } from './record.ts';
import type { ExperimentWorld } from './world.ts';

/** Runs that were cut short without their pattern: what they have left broken is not known yet. */
export type Uncounted = {
  runs: readonly string[];
  /** Writes it down, durably. */
  keep(left: NonNullable<ExperimentRun['left']>): Promise<void>;
};

/** What the parts of a run have in common. */
export type RunContext = {
  experiment: Experiment;
  plan: ExperimentPlan;
  comparison: Comparison | null;
  /** What was broken before; complete once `uncounted` has been counted. */
  damage: Damage;
  uncounted: Uncounted | null;
  world: ExperimentWorld;
  clock: Clock;
  record: Record;
  pauses: Pauses;
  /** The auditor's board without what was broken before; rejects while it does not answer. */
  board(): Promise<AuditBoard>;
  stopBecause(why: Halt): void;
};

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
