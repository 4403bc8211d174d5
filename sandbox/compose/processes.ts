/** The containers of what we wrote ourselves: every process of the topology that Node runs. */
import { type Fleet, type FleetProcess, targetProcess } from '../fleet.ts';
import {
  type Condition,
  type Container,
  confined,
  healthcheck,
  ownSecrets,
  publish,
  secretsWritten,
} from './container.ts';
import { containerEnvironment } from './environment.ts';
import { images } from './images.ts';
import { publishedPorts } from './published-ports.ts';
import { secretVariables } from './secret-files.ts';

/** Flags that the supervisor gives every Node process (supervisor/launchers/node.ts). */
export const commonFlags = ['--disable-warning=ExperimentalWarning'];
/** For programs that do not read `*_FILE` by themselves. */
export const secretsFirst = ['--import', './secrets-from-files.mjs'];

/** Processes in whose place another image runs: infrastructure.ts. */
export const replaced: readonly string[] = ['postgres', 'broker', 'toxics'];

/** What starts before a process: what it cannot boot without has been prepared by a job. */
const prepared: Record<string, Record<string, { condition: Condition }>> = {
  postgres: { roles: { condition: 'service_completed_successfully' } },
  broker: { topics: { condition: 'service_completed_successfully' } },
  toxics: { toxics: { condition: 'service_healthy' } },
  // Nobody needs it to boot, or to go on.
  valkey: { valkey: { condition: 'service_started' } },
};

/** Image of a Node process; a job builds it (jobs.ts), so that it is built once. */
export function ours(name: 'services' | 'sandbox') {
  return { image: images[name], user: '65532:65532' } as const;
}

/** JSON lines go to the Collector; `docker compose logs` keeps a copy. */
export function shippedLogs(name: string): object {
  return {
    driver: 'fluentd',
    options: { 'fluentd-address': '127.0.0.1:24224', 'fluentd-async': 'true', tag: name },
  };
}

export function processContainer(fleet: Fleet, process: FleetProcess, version: string): Container {
  const { name, ports, resources } = process;
  const isService = process.launch.type === 'node' && process.launch.entry.startsWith('services/');
  const health = process.readiness.type === 'http' ? process.readiness.path : '/health/ready';
  return {
    ...ours(isService ? 'services' : 'sandbox'),
    ...(isService ? {} : { profiles: ['console'] }),
    command: [...commonFlags, ...process.nodeFlags, ...(isService ? [] : secretsFirst), ...entryOf(process)],
    environment: containerEnvironment(fleet, process, version),
    ports: Object.entries(publishedPorts(process)).map(([purpose, port]) => publish(port, ports[purpose])),
    volumes: [
      ...(secretVariables(fleet, process).length > 0 ? [ownSecrets(name)] : []),
      ...(name === 'telemetry' ? [volume('telemetry', '/var/lib/orrery/home')] : []),
      // Histories of load, which the supervisor's generator writes.
      ...(name === 'auditor' ? [{ ...volume('supervisor', '/var/lib/orrery/home'), read_only: true as const }] : []),
    ],
    tmpfs: [scratch('/tmp'), ...(name === 'console' ? [scratch('/app/.next/cache')] : [])],
    depends_on: { ...secretsWritten, ...before(fleet, process) },
    healthcheck: healthcheck(['CMD', '/nodejs/bin/node', 'healthcheck.mjs', health]),
    restart: 'unless-stopped',
    init: true,
    ...confined,
    // A service promises to be gone within 8 s (services/kit/service.ts).
    stop_grace_period: '12s',
    mem_limit: `${resources.memoryLimitMiB}m`,
    cpus: resources.cpuLimitMillis / 1_000,
    pids_limit: 256,
    logging: shippedLogs(name),
  };
}

/** Memory of its own that goes with the container. */
export function scratch(target: string): string {
  return `${target}:size=64m,mode=1777`;
}

export function volume(source: string, target: string) {
  return { type: 'volume', source, target } as const;
}

function entryOf({ launch, ports }: FleetProcess): string[] {
  if (launch.type === 'node') return [launch.entry];
  return ['node_modules/next/dist/bin/next', 'start', '-H', '0.0.0.0', '-p', String(ports.http)];
}

function before(fleet: Fleet, process: FleetProcess): Record<string, { condition: Condition }> {
  // Who reads ledgers and topics needs them as much as their owners do.
  const reads = fleet.edges
    .filter((edge) => edge.from === process.name && (edge.protocol === 'postgres' || edge.protocol.startsWith('kafka')))
    .map((edge) => targetProcess(fleet, edge));
  const names = [...new Set([...process.startAfter, ...reads, ...(process.cache ? ['valkey'] : [])])];
  return Object.assign({}, ...names.map((name) => prepared[name] ?? {}));
}
