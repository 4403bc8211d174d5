/** What faults can reach: the proxies, the processes, the failpoints, the load generator. The supervisor provides it, tests make one up. */

import type { FaultTopic } from '#contracts/sandbox/chaos.ts';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import type { FailpointName, FailpointOrder, FailpointStatus } from '#contracts/sandbox/control-channel.ts';
import type { AgentOrder, AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import type { ProcessKind } from '#contracts/sandbox/topology.ts';

/** A way from one process to another that leads through a proxy of the same name. */
export type ChaosEdge = { name: string; from: string; to: string; protocol: string };
export type ChaosProcess = { name: string; title: string; kind: ProcessKind };

export type ToxicOrder = {
  name: string;
  type: string;
  stream: 'upstream' | 'downstream';
  toxicity: number;
  attributes: Record<string, number>;
  ttlMs: number;
  seed: string;
};

export type World = {
  edges: readonly ChaosEdge[];
  processes: readonly ChaosProcess[];
  /** Processes that have failpoints and a fault agent. */
  services: readonly string[];
  /** What is different about the faults of a topic here, for people. */
  notes: Partial<Record<FaultTopic, string>>;
  proxies: {
    /** Null where the proxies count what they touch. Else: how many traces a fault has touched, as far as is known. */
    touched: ((faultId: string) => Promise<number>) | null;
    addToxic(edge: string, order: ToxicOrder): Promise<void>;
    /** Does nothing when it is not there. */
    removeToxic(edge: string, name: string): Promise<void>;
    /** Null when it is not there. */
    readToxic(edge: string, name: string): Promise<{ hits: number } | null>;
    /** Refuses connections; a proxy that knows leases takes them again after `ttlMs` by itself. */
    disable(edge: string, ttlMs: number): Promise<void>;
    enable(edge: string): Promise<void>;
    read(edge: string): Promise<{ enabled: boolean; cut: number }>;
    /** Opens a connection to the edge's address and closes it. Rejects when it is refused. */
    probe(edge: string): Promise<void>;
  };
  /** Throws as the control API does: `not_found`, `conflict` in a state that does not allow the action. */
  act(process: string, action: ProcessAction): void;
  status(process: string): ProcessStatus;
  /** SIGSTOP to the process and all below it. Something that outlives this process wakes them after `ttlMs`. */
  freeze(process: string, ttlMs: number): Promise<void>;
  thaw(process: string): Promise<void>;
  /** Fault agents inside the services. */
  agents: {
    /** Throws `unprocessable` when the service has nothing that can be hit so. */
    arm(service: string, id: string, order: AgentOrder): Promise<void>;
    /** Does nothing when it is not on. */
    disarm(service: string, id: string): Promise<void>;
    /** Null when it is not on; rejects while the service does not answer. */
    read(service: string, id: string): Promise<AgentStatus | null>;
  };
  failpoints: {
    arm(service: string, failpoint: FailpointName, order: FailpointOrder): Promise<FailpointStatus>;
    disarm(service: string, failpoint: FailpointName): Promise<void>;
    /** Null while the process does not answer. */
    read(service: string, failpoint: FailpointName): Promise<FailpointStatus | null>;
  };
  /** One run at a time, whoever started it. */
  load: {
    /** Resolves when orders become due. Throws `conflict` while a run goes on, `unavailable` when it cannot begin. */
    start(plan: LoadPlan): Promise<LoadRun>;
    /** Null when nobody knows of it. */
    read(run: string): Promise<LoadRun | null>;
    /** No more orders; the second time it ends at once. Throws `not_found`. */
    stop(run: string): void;
  };
};
