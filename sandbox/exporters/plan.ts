/**
 * What of the topology leaves the laptop. Services go with it; what only exists to run them here stays, and the report
 * says so with a reason.
 */
import { topics as eventTopics } from '#contracts/events/topics.ts';
import type { ExportOptions } from '#contracts/sandbox/export.ts';
import type { ProcessKind } from '#contracts/sandbox/topology.ts';
import { type Fleet, type FleetEdge, type FleetProcess, type SecretVariable, targetProcess } from '../fleet.ts';
import { isDeployed } from './stores.ts';

/** A service as it is deployed. */
export type PlannedService = {
  process: FleetProcess;
  /** Entry file in the image, relative to its working directory. */
  entry: string;
  /** Calls to other planned services, by HTTP or gRPC. */
  calls: readonly FleetEdge[];
  /** Names of planned services that call it. */
  callers: readonly string[];
  produces: readonly string[];
  consumes: readonly string[];
  /** Variables that are handed out as files. */
  secretFiles: readonly string[];
  /** Called from outside the cluster. */
  public: boolean;
  /** Scales by lag instead of CPU. */
  scalesByLag: boolean;
};

export type LeftOut = { process: FleetProcess; reason: string };

export type Plan = {
  options: ExportOptions;
  services: readonly PlannedService[];
  leftOut: readonly LeftOut[];
  topics: readonly { name: string; partitions: number }[];
};

/** Reached from outside: people sign in at identity, everything else goes through the gateway. */
const publicServices = new Set(['gateway', 'identity']);

/** Off the synchronous path of a request: a longer queue is a delay there, not an error. */
const lagDriven = new Set<ProcessKind>(['worker', 'adapter', 'read-model']);

/** They open this laptop's control channels, which do not exist in production. */
const sandboxSecrets = new Set<string>([
  'CONTROL_TOKEN',
  'AGENT_TOKEN',
  'TELEMETRY_TOKEN',
  'OTLP_KEY',
  'AUDITOR_TOKEN',
]);

export function planOf(fleet: Fleet, options: ExportOptions): Plan {
  const isPlanned = (process: FleetProcess) => reasonToLeaveOut(process, options) === null;
  const names = new Set(fleet.processes.filter(isPlanned).map((process) => process.name));
  return {
    options,
    services: fleet.processes.filter(isPlanned).map((process) => planService(fleet, process, names, options)),
    leftOut: fleet.processes.flatMap((process) => {
      const reason = reasonToLeaveOut(process, options);
      return reason === null ? [] : [{ process, reason }];
    }),
    topics: fleet.topics.map(({ name, partitions }) => ({ name, partitions })),
  };
}

function planService(
  fleet: Fleet,
  process: FleetProcess,
  names: ReadonlySet<string>,
  options: ExportOptions,
): PlannedService {
  const outgoing = fleet.edges.filter((edge) => edge.from === process.name);
  const calls = outgoing.filter((edge) => edge.protocol === 'http' || edge.protocol === 'grpc');
  const callers = fleet.edges
    .filter((edge) => (edge.protocol === 'http' || edge.protocol === 'grpc') && edge.to === process.name)
    .map((edge) => edge.from)
    .filter((name) => names.has(name));
  const consumes = outgoing.filter((edge) => edge.protocol === 'kafka-consume').map((edge) => edge.to);
  return {
    process,
    entry: process.launch.type === 'node' ? process.launch.entry : '',
    calls: calls.filter((edge) => names.has(targetProcess(fleet, edge))),
    callers: [...new Set(callers)].sort(),
    produces: outgoing.filter((edge) => edge.protocol === 'kafka-produce').map((edge) => edge.to),
    consumes,
    secretFiles: [
      ...(process.database === null ? [] : ['DATABASE_URL']),
      ...(process.cache && options.valkey !== 'none' ? ['CACHE_URL'] : []),
      ...process.secrets.filter((name: SecretVariable) => !sandboxSecrets.has(name)),
    ],
    public: publicServices.has(process.name),
    scalesByLag: options.autoscaling === 'keda' && consumes.length > 0 && lagDriven.has(process.kind),
  };
}

function reasonToLeaveOut(process: FleetProcess, options: ExportOptions): string | null {
  switch (process.kind) {
    case 'database':
      if (isDeployed('postgres', options)) return 'StatefulSet `postgres` takes its place (Postgres 18 with pgvector)';
      return `an existing Postgres in namespace ${options.dataNamespace} takes its place; each service reads its own DATABASE_URL`;
    case 'broker':
      if (isDeployed('redpanda', options)) return 'StatefulSet `redpanda` takes its place';
      return `an existing Kafka-compatible broker takes its place: ${options.kafkaBrokers}`;
    case 'telemetry':
      return 'the OpenTelemetry Collector and the stores behind it take its place (target observability)';
    case 'console':
      return 'it drives the supervisor of this sandbox; Grafana takes its place (target observability)';
    default:
      break;
  }
  if (process.launch.type !== 'node' || !process.launch.entry.startsWith('services/')) {
    return 'it is a part of the sandbox that watches or disturbs the fleet, not of the fleet';
  }
  if (process.kind === 'outside-world' && options.paymentsUrl !== null) {
    return `the real provider takes its place: ${options.paymentsUrl}`;
  }
  return null;
}

/** Port by purpose; throws for a purpose that the process does not have. */
export function portOf(service: PlannedService, purpose: string): number {
  const port = service.process.ports[purpose];
  if (port === undefined) throw new Error(`${service.process.name} has no port ${purpose}`);
  return port;
}

/** Services with a database of their own. */
export function withDatabase(plan: Plan): readonly PlannedService[] {
  return plan.services.filter((service) => service.process.database !== null);
}

/** Services that consume; each has a dead-letter topic and retry topics. */
export function consumersOf(plan: Plan): readonly PlannedService[] {
  return plan.services.filter((service) => service.consumes.length > 0);
}

export const eventTopicNames: readonly string[] = Object.values(eventTopics);
