import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { Topology, TopologyEdge } from '#contracts/sandbox/topology.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';

const edge = (from: string, to: string, protocol: TopologyEdge['protocol']): TopologyEdge => ({
  from,
  to,
  protocol,
  description: `${from} to ${to}`,
});

function process(name: string, kind: Topology['processes'][number]['kind'] = 'crud'): Topology['processes'][number] {
  return {
    name,
    title: name,
    kind,
    description: `does ${name}`,
    ports: {},
    startAfter: [],
    database: null,
    colour: null,
    resources: { cpuRequestMillis: 1, cpuLimitMillis: 1, memoryRequestMiB: 1, memoryLimitMiB: 1 },
  };
}

/** A small system: gateway → orders → pricing, orders ⇄ its topic ⇄ billing, everything on postgres. */
export const smallTopology: Topology = {
  processes: [
    process('postgres', 'database'),
    process('broker', 'broker'),
    process('pricing'),
    process('billing', 'adapter'),
    process('orders', 'orchestrator'),
    process('gateway', 'edge'),
  ],
  topics: [{ name: 'orders.events', partitions: 6, owner: 'orders', description: 'what happens to orders' }],
  edges: [
    edge('gateway', 'orders', 'http'),
    edge('orders', 'pricing', 'grpc'),
    edge('orders', 'orders.events', 'kafka-produce'),
    edge('orders', 'orders.events', 'kafka-consume'),
    edge('billing', 'orders.events', 'kafka-consume'),
    edge('orders', 'postgres', 'postgres'),
    edge('billing', 'postgres', 'postgres'),
  ],
};

export function status(name: string, state: ProcessStatus['state'] = 'running'): ProcessStatus {
  return {
    name,
    state,
    pid: 1,
    ports: {},
    startedAt: null,
    readyAt: null,
    restarts: 0,
    lastExit: null,
    nextStartAt: null,
    reason: null,
    waitingFor: [],
    cpuPercent: null,
    memoryBytes: null,
  };
}

type ObservedEdge = RedResult['edges'][number];

export function traffic(
  from: string,
  to: string,
  protocol: ObservedEdge['protocol'],
  red: Partial<ObservedEdge> = {},
): ObservedEdge {
  return {
    from,
    to,
    protocol,
    ratePerSecond: 1,
    errorRatio: 0,
    injectedRatio: 0,
    p50Ms: 5,
    p95Ms: 20,
    p99Ms: 30,
    count: 60,
    ...red,
  };
}
