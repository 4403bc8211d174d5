/**
 * What a supervisor of before has left on. Children end with theirs; containers, the services in them and Toxiproxy go on
 * without us, so that it is taken off when we begin, before anything else may be armed.
 */
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import type { FailpointName } from '#contracts/sandbox/control-channel.ts';
import type { World } from '#sandbox/chaos/world.ts';
import type { Toxiproxy } from '../chaos/toxiproxy.ts';
import type { Detours } from '../detours.ts';
import type { Processes } from '../processes.ts';

export type LeftoverWorld = {
  edges: Detours['edges'];
  proxies: Pick<Toxiproxy, 'sweep'>;
  runner: Processes;
  /** Processes that have a fault agent and failpoints. */
  services: readonly string[];
  agents: Pick<World['agents'], 'disarm'>;
  failpoints: Pick<World['failpoints'], 'disarm'>;
  /** Wall time in milliseconds. */
  now(): number;
};

/** A run does not name its failpoint; the test holds this table against the registry. */
export const failpointOf: Readonly<Record<string, FailpointName>> = {
  'crash-after-commit': 'outbox.after_commit',
  'crash-after-ack': 'outbox.after_ack',
  'crash-after-handling': 'consumer.after_commit',
  'crash-after-charge': 'billing.after_charge',
  'crash-while-compensating': 'saga.compensating',
};

/** A service counts its lease from the order, which comes a moment after `armedAt`. */
const leaseSlackMs = 5_000;

/**
 * Takes off what the runs that are still active have done to containers and services, and whatever is on an edge: killed
 * between injecting and writing, a supervisor leaves what no run names. Throws while it cannot; what can be taken off is off.
 */
export async function endLeftovers(runs: readonly FaultRun[], world: LeftoverWorld): Promise<string[]> {
  const active = runs.filter(isActive);
  const isEdge = (target: string) => world.edges.some(({ name }) => name === target);
  const sweep = async (edge: string) => {
    const found = await world.proxies.sweep(edge);
    const isNamed = active.some(({ target }) => target === edge);
    return found.length === 0 || isNamed ? [] : [`what no record names on ${edge} (${found.join(', ')})`];
  };
  const end = async (run: FaultRun) => {
    if (!isEdge(run.target)) await endOnProcess(run, world);
    return [`${run.title} on ${run.target}`];
  };
  const results = await Promise.allSettled([...world.edges.map(({ name }) => sweep(name)), ...active.map(end)]);
  return results.flatMap((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

async function endOnProcess(run: FaultRun, world: LeftoverWorld): Promise<void> {
  wake(run.target, world.runner);
  if (!mayHold(run, world)) return;
  try {
    await world.agents.disarm(run.target, run.id);
    const failpoint = failpointOf[run.fault];
    if (failpoint !== undefined) await world.failpoints.disarm(run.target, failpoint);
  } catch (error) {
    // The service has ended it itself by now. A mute one must not keep us from beginning for ever.
    if (world.now() < Date.parse(run.expiresAt) + leaseSlackMs) throw error;
  }
}

/** Whether the fault can still be on inside the process: not where there is none, nor in one that began after the fault. */
function mayHold({ target, armedAt }: FaultRun, { services, runner }: LeftoverWorld): boolean {
  if (!services.includes(target)) return false;
  const status = runner.processes.find(({ name }) => name === target)?.status();
  if (status === undefined || status.pid === null) return false;
  return status.startedAt === null || Date.parse(status.startedAt) <= Date.parse(armedAt);
}

/** Frozen, or killed and not yet started again. */
function wake(target: string, runner: Processes): void {
  const process = runner.processes.find(({ name }) => name === target);
  const state = process?.status().state;
  if (state === 'paused') runner.act(target, 'resume');
  if (state === 'stopped' || state === 'failed') runner.act(target, 'start');
}
