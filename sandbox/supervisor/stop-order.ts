import { type Fleet, targetProcess } from '../fleet.ts';

/**
 * Waves in which the fleet stops: whoever is called stops after its callers, so nothing loses its database, broker or
 * telemetry store while it still drains. Processes of one wave stop together.
 */
export function stopOrder(fleet: Fleet): string[][] {
  const callers = new Map(fleet.processes.map((process) => [process.name, new Set<string>()]));
  for (const edge of fleet.edges) {
    const target = targetProcess(fleet, edge);
    if (target !== edge.from) callers.get(target)?.add(edge.from);
  }
  for (const process of fleet.processes) for (const name of process.startAfter) callers.get(name)?.add(process.name);

  const waves: string[][] = [];
  const left = new Set(callers.keys());
  while (left.size > 0) {
    const free = [...left].filter((name) => [...(callers.get(name) ?? [])].every((caller) => !left.has(caller)));
    // Services that call each other in a ring have no order: they stop together.
    const wave = free.length > 0 ? free : [...left];
    waves.push(wave);
    for (const name of wave) left.delete(name);
  }
  return waves;
}
