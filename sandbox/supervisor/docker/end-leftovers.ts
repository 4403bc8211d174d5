/**
 * What a supervisor of before has left on. Children end with theirs; containers and Toxiproxy go on without us, so that it
 * is taken off when we begin, before anything else may be armed.
 */
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import type { Toxiproxy } from '../chaos/toxiproxy.ts';
import type { Detours } from '../detours.ts';
import type { Processes } from '../processes.ts';

export type LeftoverWorld = { edges: Detours['edges']; proxies: Toxiproxy; runner: Processes };

/** Takes off what the runs that are still active have done to edges and containers. Throws while it cannot. */
export async function endLeftovers(
  runs: readonly FaultRun[],
  { edges, proxies, runner }: LeftoverWorld,
): Promise<string[]> {
  const ended: string[] = [];
  for (const { id, title, target } of runs.filter(isActive)) {
    if (edges.some(({ name }) => name === target)) {
      await proxies.clear(target, id);
      await proxies.enable(target);
    } else {
      wake(target, runner);
    }
    ended.push(`${title} on ${target}`);
  }
  return ended;
}

/** Frozen, or killed and not yet started again. */
function wake(target: string, runner: Processes): void {
  const process = runner.processes.find(({ name }) => name === target);
  const state = process?.status().state;
  if (state === 'paused') runner.act(target, 'resume');
  if (state === 'stopped' || state === 'failed') runner.act(target, 'start');
}
