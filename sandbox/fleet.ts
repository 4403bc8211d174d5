/** What a fleet is made of, and what follows from a description of one. topology.ts describes ours. */
import type { EdgeProtocol, Topology, TopologyProcess } from '#contracts/sandbox/topology.ts';

/** How the supervisor asks a process whether it can work. */
export type Readiness =
  | { type: 'http'; port: string; path: string }
  | { type: 'kafka'; port: string }
  | { type: 'postgres'; port: string };

/** What is started. `node` runs a TypeScript entry; `postgres` and `console` have launchers of their own. */
export type Launch = { type: 'node'; entry: string } | { type: 'postgres' } | { type: 'console' };

/** A secret of the fleet, by the variable in which a process receives it. */
export type SecretVariable =
  | 'CONTROL_TOKEN'
  | 'TELEMETRY_TOKEN'
  | 'AUDITOR_TOKEN'
  | 'OTLP_KEY'
  | 'QUOTE_SIGNING_KEY'
  | 'PAYMENTS_API_KEY'
  | 'AGENT_TOKEN'
  | 'IDENTITY_CLIENTS'
  | 'IDENTITY_CLIENT_ID'
  | 'IDENTITY_CLIENT_SECRET'
  | 'CONSOLE_LAUNCH_TOKEN';

export type FleetProcess = TopologyProcess & {
  launch: Launch;
  readiness: Readiness;
  secrets: readonly SecretVariable[];
  /** Takes CACHE_URL: a Valkey that its replicas share. Here there is one of each, which keeps to its own memory. */
  cache: boolean;
  /** Extensions that its database uses where the server brings them; the embedded one does not, and it does without. */
  extensions?: readonly string[];
  /** Flags for Node beyond the common ones: young-generation size is what an idle service pays for most. */
  nodeFlags: readonly string[];
};

/** An edge with the variable in which its caller finds the address. */
export type FleetEdge = {
  from: string;
  to: string;
  protocol: EdgeProtocol;
  description: string;
  variable: string;
};

export type FleetTopic = Topology['topics'][number];

export type Fleet = {
  processes: readonly FleetProcess[];
  topics: readonly FleetTopic[];
  edges: readonly FleetEdge[];
};

/** The part of a fleet that other processes may know: `GET /v1/topology`. The supervisor draws itself nowhere. */
export function publicTopology(description: Fleet): Topology {
  return {
    processes: description.processes.map(
      ({
        launch: _launch,
        readiness: _readiness,
        secrets: _secrets,
        cache: _cache,
        extensions: _extensions,
        nodeFlags: _flags,
        ...known
      }) => known,
    ),
    topics: [...description.topics],
    edges: description.edges
      .filter((edge) => edge.protocol !== 'control')
      .map(({ variable: _variable, ...edge }) => edge),
  };
}

/** The process behind an edge's far end: a topic is reached at the broker. */
export function targetProcess(description: Fleet, edge: FleetEdge): string {
  return description.topics.some((known) => known.name === edge.to) ? 'broker' : edge.to;
}
