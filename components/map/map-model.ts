import type { ProcessState, ProcessStatus } from '#contracts/sandbox/control.ts';
import type { EdgeProtocol, ProcessKind, Topology } from '#contracts/sandbox/topology.ts';
import type { Red, RedResult } from '#contracts/telemetry/query.ts';

/** Figures of a place; infrastructure makes no spans, so its own are added up from the edges to it. */
type PlaceRed = Red & { series?: RedResult['services'][number]['series'] };

/** A place on the map: a process, a topic, or something that was called and that the topology does not know. */
export type MapNode = { id: string; description: string | null } & (
  | { kind: 'process'; role: ProcessKind; colour: number | null; state: ProcessState | null; red: PlaceRed | null }
  | { kind: 'topic'; owner: string; partitions: number; produced: Red | null }
  | { kind: 'unknown' }
);

/** Which edges are shown together: `calls` and `events` tell the story, the others are in the way of it. */
export type MapLayer = 'calls' | 'events' | 'databases' | 'keys' | 'telemetry';

/** Traffic goes from `from` to `to`: a topic is the source of what is consumed. */
export type MapEdge = {
  id: string;
  from: string;
  to: string;
  protocol: EdgeProtocol;
  layer: MapLayer;
  description: string | null;
  /** False: telemetry saw traffic where the topology has no edge. */
  expected: boolean;
  red: Red | null;
};

export type SystemMap = { nodes: readonly MapNode[]; edges: readonly MapEdge[] };

/** The expected topology with the observed traffic on top. Pure. */
export function buildMap(
  topology: Topology,
  processes: readonly ProcessStatus[],
  red: Pick<RedResult, 'services' | 'edges'> | null,
): SystemMap {
  const states = new Map(processes.map(({ name, state }) => [name, state]));
  const services = new Map((red?.services ?? []).map((one) => [one.service, one]));
  const observed = new Map((red?.edges ?? []).map((edge) => [edgeId(edge.from, edge.to, edge.protocol), edge]));

  const edges = topology.edges.map((edge): MapEdge => {
    const [from, to] = edge.protocol === 'kafka-consume' ? [edge.to, edge.from] : [edge.from, edge.to];
    const { protocol, description } = edge;
    const id = edgeId(from, to, protocol);
    return {
      id,
      from,
      to,
      protocol,
      description,
      layer: layerOf(to, protocol),
      expected: true,
      red: observed.get(id) ?? null,
    };
  });
  const known = new Set(edges.map(({ id }) => id));
  for (const [id, edge] of observed) {
    if (known.has(id)) continue;
    const { from, to, protocol } = edge;
    edges.push({ id, from, to, protocol, description: null, layer: layerOf(to, protocol), expected: false, red: edge });
  }

  const nodes: MapNode[] = [
    // A proxy is no place: it is on every edge.
    ...topology.processes
      .filter(({ kind }) => kind !== 'proxy')
      .map(
        ({ name, kind, colour, description }): MapNode => ({
          kind: 'process',
          id: name,
          role: kind,
          colour,
          description,
          state: states.get(name) ?? null,
          red: services.get(name) ?? received(edges, kind),
        }),
      ),
    ...topology.topics.map(
      ({ name, owner, partitions, description }): MapNode => ({
        kind: 'topic',
        id: name,
        owner,
        partitions,
        description,
        produced: edges.find(({ to, protocol }) => to === name && protocol === 'kafka-produce')?.red ?? null,
      }),
    ),
  ];
  const ids = new Set(nodes.map(({ id }) => id));
  for (const id of edges.flatMap(({ from, to }) => [from, to])) {
    if (ids.has(id)) continue;
    ids.add(id);
    nodes.push({ kind: 'unknown', id, description: null });
  }
  return { nodes, edges };
}

/** Queries of the database, messages of the broker. Percentiles do not add up. */
function received(edges: readonly MapEdge[], kind: ProcessKind): PlaceRed | null {
  const protocol = kind === 'database' ? 'postgres' : kind === 'broker' ? 'kafka-produce' : null;
  const all = edges.flatMap((edge) => (edge.protocol === protocol && edge.red ? [edge.red] : []));
  const count = all.reduce((sum, red) => sum + red.count, 0);
  if (count === 0) return null;
  const failed = all.reduce((sum, red) => sum + red.errorRatio * red.count, 0);
  const injected = all.reduce((sum, red) => sum + red.injectedRatio * red.count, 0);
  const ratePerSecond = all.reduce((sum, red) => sum + red.ratePerSecond, 0);
  return {
    ratePerSecond,
    errorRatio: failed / count,
    injectedRatio: injected / count,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    count,
  };
}

function edgeId(from: string, to: string, protocol: EdgeProtocol): string {
  return `${from} ${protocol} ${to}`;
}

function layerOf(to: string, protocol: EdgeProtocol): MapLayer {
  if (protocol === 'postgres') return 'databases';
  if (protocol === 'otlp' || to === 'telemetry') return 'telemetry';
  if (protocol === 'kafka-produce' || protocol === 'kafka-consume') return 'events';
  return to === 'identity' ? 'keys' : 'calls';
}

export function isAsync(protocol: EdgeProtocol): boolean {
  return protocol === 'kafka-produce' || protocol === 'kafka-consume';
}

/** Edges of the layers that are on, those nobody expected, which are findings, and those that are `marked`. */
export function shownEdges(
  { edges }: SystemMap,
  layers: ReadonlySet<MapLayer>,
  marked: ReadonlyMap<string, unknown> = new Map(),
): MapEdge[] {
  return edges.filter(({ id, layer, expected }) => layers.has(layer) || !expected || marked.has(id));
}

export type Isolated = { nodes: ReadonlySet<string>; edges: ReadonlySet<string> };

/** A place with everything it talks to, whichever layer that is in; of a topic's neighbours not their neighbours. */
export function isolate({ edges }: SystemMap, id: string): Isolated {
  const own = edges.filter(
    ({ from, to, layer }) => (from === id || to === id) && (layer !== 'telemetry' || id === 'telemetry'),
  );
  return {
    nodes: new Set([id, ...own.flatMap(({ from, to }) => [from, to])]),
    edges: new Set(own.map((edge) => edge.id)),
  };
}
