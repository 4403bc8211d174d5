/** What a run needs of the sandbox. The supervisor provides it, tests make one up. */
import type { AuditBoard, FinalAudit } from '#contracts/sandbox/audit.ts';
import type { ChaosState, FaultDescription, FaultOrder, FaultRun } from '#contracts/sandbox/chaos.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import type { PatternRef } from '#contracts/sandbox/experiment-file.ts';
import type { WorstOrder } from '#contracts/sandbox/experiments.ts';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';

export type ExperimentWorld = {
  chaos: {
    catalogue(): FaultDescription[];
    state(): ChaosState;
    inject(order: FaultOrder): Promise<FaultRun>;
    /** Throws `not_found`. */
    find(id: string): FaultRun;
    /** Throws `conflict` when it has ended. */
    stop(id: string): FaultRun;
  };
  load: {
    start(plan: LoadPlan): Promise<LoadRun>;
    find(run: string): Promise<LoadRun>;
    /** The second time it ends at once. */
    stop(run: string): LoadRun;
  };
  processes(): ProcessStatus[];
  startProcess(name: string): void;
  patterns(): Promise<ServicePatterns[]>;
  /** Rejects while the service does not answer. */
  switchPattern(pattern: PatternRef, enabled: boolean): Promise<void>;
  /** How many keys of the service were parked and are on their way again. Rejects while it does not answer. */
  replayParked(service: string): Promise<number>;
  /** Both reject while the auditor does not answer. */
  board(): Promise<AuditBoard>;
  startFinal(timeoutMs: number): Promise<FinalAudit>;
  final(): Promise<FinalAudit>;
  /** Orders of a load run that did not end, or took longest to, the worst first. */
  worstOrders(run: LoadRun, most: number): Promise<WorstOrder[]>;
};
