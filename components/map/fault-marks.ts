import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { isAsync, type MapEdge, type SystemMap } from './map-model.ts';

/**
 * Name by which faults reach an edge: from-to-protocol. What is sent to a topic, or consumed from it, crosses the way to
 * the broker. Null where no proxy is: telemetry, who watches, and what nobody expected.
 */
export function edgeTarget({ from, to, protocol, expected }: MapEdge): string | null {
  if (!expected || protocol === 'otlp' || protocol === 'control') return null;
  if (from === 'auditor' || to === 'auditor') return null;
  return isAsync(protocol) ? `${protocol === 'kafka-consume' ? to : from}-broker-kafka` : `${from}-${to}-${protocol}`;
}

/** Faults that are on, in words, by the id of the place or edge that they are on. */
export type FaultMarks = { places: ReadonlyMap<string, string>; edges: ReadonlyMap<string, string> };

export function faultMarks({ nodes, edges }: SystemMap, faults: readonly FaultRun[]): FaultMarks {
  const on = new Map<string, string>();
  for (const { target, title } of faults.filter(isActive)) {
    const other = on.get(target);
    on.set(target, other === undefined ? title : `${other}, ${title}`);
  }
  const marked = <T extends { id: string }>(all: readonly T[], targetOf: (one: T) => string | null) =>
    new Map(
      all.flatMap((one): [string, string][] => {
        const text = on.get(targetOf(one) ?? '');
        return text === undefined ? [] : [[one.id, text]];
      }),
    );
  return {
    places: marked(
      nodes.filter(({ kind }) => kind === 'process'),
      ({ id }) => id,
    ),
    edges: marked(edges, edgeTarget),
  };
}

/** The marks as a sentence; empty without any. */
export function marksText({ edges }: SystemMap, marks: FaultMarks): string {
  const ways = edges.flatMap(({ id, from, to }) =>
    marks.edges.has(id) ? `${marks.edges.get(id)} on ${from} → ${to}` : [],
  );
  const places = [...marks.places].map(([id, text]) => `${text} on ${id}`);
  const all = [...places, ...ways];
  return all.length === 0 ? '' : `Faults on purpose: ${all.join(', ')}.`;
}
