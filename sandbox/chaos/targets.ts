import type { FaultTarget } from '#contracts/sandbox/chaos.ts';
import type { ChaosProcess, World } from './world.ts';

/** Every edge that leads through a proxy; its two ends feel what happens on it. */
export function edgeTargets({ edges }: World): FaultTarget[] {
  return edges.map(({ name, from, to, protocol }) => ({
    id: name,
    label: `${from} → ${to} (${protocol})`,
    touches: [from, to],
  }));
}

/** Processes that fit; they and their callers feel it. */
export function processTargets(world: World, fits: (process: ChaosProcess) => boolean): FaultTarget[] {
  return world.processes
    .filter(fits)
    .map(({ name, title }) => ({ id: name, label: title, touches: touchedBy(world, name) }));
}

/** A process with everything that calls it. */
export function touchedBy({ edges }: World, process: string): string[] {
  return [process, ...new Set(edges.filter(({ to }) => to === process).map(({ from }) => from))];
}
