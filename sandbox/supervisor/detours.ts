/** Proxies on the edges: which edges have one, on which ports, and what the proxy and the broker must be told. */
import { type Fleet, type FleetEdge, targetProcess } from '../fleet.ts';
import { type Address, createAddresses, edgeName, type HostOf, hostPort } from './addresses.ts';
import type { PortTable, PortWish } from './ports.ts';

/** The process that holds the proxies. */
export const proxyProcess = 'toxics';

/** First port of the proxies; the ports of the broker's listeners for them follow. */
const firstPort = 18_100;

export type Detours = {
  /** The ways that are proxied; a topic is reached at the broker. */
  edges: readonly { name: string; from: string; to: string; protocol: string }[];
  /** Where callers are sent, by edge name. */
  addresses: ReadonlyMap<string, Address>;
  /** Toxiproxy's configuration: one proxy per edge, named like the edge. */
  proxies: readonly { name: string; listen: string; upstream: string; enabled: true }[];
  /** BROKER_LISTENERS: a client must be told the address through which it came, or it would go round its proxy. */
  brokerListeners: string;
};

export const noDetours: Detours = { edges: [], addresses: new Map(), proxies: [], brokerListeners: '' };

/** Who is not sent through proxies: what watches faults must not suffer them. */
const watchers: readonly string[] = ['auditor'];

/** The first edge of each way that is proxied; telemetry, control and watchers are not. */
function proxiedEdges(fleet: Fleet): Map<string, FleetEdge> {
  const edges = fleet.edges.filter(
    ({ protocol, from, to }) =>
      protocol !== 'otlp' && protocol !== 'control' && !watchers.includes(from) && !watchers.includes(to),
  );
  const byName = new Map<string, FleetEdge>();
  for (const edge of edges) if (!byName.has(edgeName(fleet, edge))) byName.set(edgeName(fleet, edge), edge);
  return byName;
}

function isKafka(edge: FleetEdge): boolean {
  return edge.protocol === 'kafka-consume' || edge.protocol === 'kafka-produce';
}

/** Ports that the detours need beside those of the processes: one per proxy, and one per proxy at the broker. */
export function detourWishes(fleet: Fleet): PortWish[] {
  const edges = [...proxiedEdges(fleet)];
  const wishes = [
    ...edges.map(([name]) => ({ process: proxyProcess, purpose: name })),
    ...edges.filter(([, edge]) => isKafka(edge)).map(([name]) => ({ process: 'broker', purpose: name })),
  ];
  return wishes.map((wish, index) => ({ ...wish, port: firstPort + index }));
}

/** The detours over the ports that were given for `detourWishes`. */
export function planDetours(fleet: Fleet, ports: PortTable, hostOf?: HostOf): Detours {
  const direct = createAddresses(fleet, ports, undefined, hostOf);
  const rows = [...proxiedEdges(fleet)].map(([name, edge]) => {
    const listen = direct.ofProcess(proxyProcess, name);
    const upstream = isKafka(edge) ? direct.ofProcess('broker', name) : direct.ofEdge(edge);
    return { name, edge, listen, upstream };
  });
  return {
    edges: rows.map(({ name, edge }) => ({
      name,
      from: edge.from,
      to: targetProcess(fleet, edge),
      protocol: isKafka(edge) ? 'kafka' : edge.protocol,
    })),
    addresses: new Map(rows.map(({ name, listen }) => [name, listen])),
    proxies: rows.map(({ name, listen, upstream }) => ({
      name,
      listen: hostPort(listen),
      upstream: hostPort(upstream),
      enabled: true,
    })),
    brokerListeners: rows
      .filter(({ edge }) => isKafka(edge))
      .map(({ listen, upstream }) => `${upstream.port}:${hostPort(listen)}`)
      .join(','),
  };
}
