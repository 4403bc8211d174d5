/** What faults leave on spans (contracts/telemetry/faults.ts), and when: told to the telemetry store. */
import type { ChaosState } from '#contracts/sandbox/chaos.ts';
import type { FaultWindow, Footprint } from '#contracts/telemetry/faults.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

type EdgeFootprint = Extract<Footprint, { on: 'edge' }>;
type ProcessFootprint = Extract<Footprint, { on: 'process' }>;

/** Spans come after the fact: messages that wait in an outbox until a broker is back, minutes after it. */
const keptMs = 10 * 60_000;

/** The footprint on the edge of that name; null when there is no such edge (any more). */
export function onEdge(
  { edges }: World,
  name: string,
  what: Pick<EdgeFootprint, 'effect'> & { leastMs?: number },
): Footprint | null {
  const edge = edges.find((known) => known.name === name);
  if (edge === undefined || !isProtocol(edge.protocol)) return null;
  return { on: 'edge', from: edge.from, to: edge.to, protocol: edge.protocol, leastMs: 0, ...what };
}

/** The footprint on a process and on the calls to it. */
export function onProcess(process: string, effect: ProcessFootprint['effect'], leastMs = 0): Footprint {
  return { on: 'process', process, effect, leastMs };
}

function isProtocol(protocol: string): protocol is EdgeFootprint['protocol'] {
  return protocol === 'http' || protocol === 'grpc' || protocol === 'postgres' || protocol === 'kafka';
}

/** Everything that is on or has ended lately, newest first. */
export function faultWindows(state: ChaosState, faults: readonly Fault[], world: World, now: Date): FaultWindow[] {
  const byName = new Map(faults.map((fault) => [fault.name, fault]));
  return state.faults.flatMap((run) => {
    const footprint = byName.get(run.fault)?.footprint?.(run, world) ?? null;
    const untilMs = run.endedAt === null ? null : Date.parse(run.endedAt);
    if (footprint === null || (untilMs !== null && untilMs < now.getTime() - keptMs)) return [];
    // Hits that are themselves counted by what is marked cannot be waited for.
    const uncounted = run.uncounted === true;
    const fromMs = Date.parse(uncounted ? run.armedAt : (run.bitesSince ?? run.armedAt));
    return [{ id: run.id, kind: run.fault, footprint, fromMs, untilMs, bites: uncounted || run.hits > 0 }];
  });
}
