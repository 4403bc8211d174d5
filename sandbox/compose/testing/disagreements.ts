/** What compose.yaml and toxiproxy.json say against the topology: addresses are followed from the caller to the listener. */

import { type Fleet, type FleetEdge, targetProcess } from '../../fleet.ts';
import { environmentOf } from '../../supervisor/environment.ts';
import { containerNetwork } from '../addresses.ts';
import type { ComposeFile } from '../compose-file.ts';
import type { Container } from '../container.ts';
import { noSecrets } from '../environment.ts';

export type ProxyEntry = { name: string; listen: string; upstream: string; enabled: boolean };

/** Told here and not in containers: the container's own name does, and the Collector asks for no key. */
const notTold = ['SERVICE_INSTANCE_ID', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTLP_KEY'];
/** Processes in whose place an image with settings of its own runs. */
const replaced = ['postgres', 'broker', 'toxics'];
/** Not published under their own number: the Collector has that port, and Redpanda tells the host another address. */
const movedPorts: Record<string, number> = { telemetry: 4_319, broker: 19_092 };

/** One sentence per disagreement. `databaseUrls` holds what the secret file of each process says. */
export function disagreements(
  fleet: Fleet,
  compose: ComposeFile,
  proxies: readonly ProxyEntry[],
  databaseUrls: Readonly<Record<string, string>>,
): string[] {
  const found: string[] = [];
  for (const process of fleet.processes) {
    const container = compose.services[process.name];
    if (container === undefined) {
      found.push(`${process.name} is missing`);
      continue;
    }
    for (const port of Object.values(process.ports)) {
      const expected = movedPorts[process.name] ?? port;
      const published = container.ports?.some((line) => line.startsWith(`127.0.0.1:${expected}:`)) ?? false;
      if (!published) found.push(`${process.name} does not publish ${expected}`);
    }
    if (replaced.includes(process.name)) continue;
    const path = process.readiness.type === 'http' ? process.readiness.path : '';
    if (container.healthcheck?.test.at(-1) !== path) found.push(`${process.name} is not asked ${path}`);
    found.push(...missingVariables(fleet, process.name, container));
  }
  for (const edge of fleet.edges) found.push(...astray(fleet, compose, proxies, databaseUrls, edge));
  return found;
}

function missingVariables(fleet: Fleet, name: string, container: Container): string[] {
  const process = fleet.processes.find((candidate) => candidate.name === name);
  if (process === undefined) return [];
  const { addresses } = containerNetwork(fleet);
  const context = { fleet, addresses, secrets: noSecrets, version: '', home: '', compileCache: '' };
  const told = environmentOf(process, '', { ...context, inherited: {} as NodeJS.ProcessEnv });
  const given = Object.keys(container.environment ?? {}).map((variable) => variable.replace(/_FILE$/, ''));
  return Object.keys(told)
    .filter((variable) => !given.includes(variable) && !notTold.includes(variable))
    .map((variable) => `${name} is not told ${variable}`);
}

/** Where an edge does not lead to the process that it speaks to. */
function astray(
  fleet: Fleet,
  compose: ComposeFile,
  proxies: readonly ProxyEntry[],
  databaseUrls: Readonly<Record<string, string>>,
  edge: FleetEdge,
): string[] {
  const name = `${edge.from} → ${edge.to} (${edge.variable})`;
  const value =
    edge.protocol === 'postgres' ? databaseUrls[edge.from] : compose.services[edge.from]?.environment?.[edge.variable];
  if (value === undefined) return [`${name}: no address`];
  const [, told = ''] = /^(?:\w+:\/\/)?(?:[^@/]*@)?([^/]+)/.exec(value) ?? [];
  if (edge.protocol === 'control') return controlAstray(compose, name, told);
  const proxy = told.startsWith('toxics:')
    ? proxies.find(({ listen }) => listen.split(':')[1] === told.split(':')[1])
    : undefined;
  const reached = proxy?.upstream ?? told;
  const target = edge.protocol === 'otlp' ? 'otel-collector' : targetProcess(fleet, edge);
  if (edge.protocol.startsWith('kafka')) return kafkaAstray(compose, name, told, reached);
  const purpose = edge.protocol === 'grpc' ? 'grpc' : undefined;
  const process = fleet.processes.find((candidate) => candidate.name === edge.to);
  const port = purpose === undefined ? Object.values(process?.ports ?? {})[0] : process?.ports[purpose];
  return reached === `${target}:${port}` ? [] : [`${name}: reaches ${reached}, not ${target}:${port}`];
}

/** The supervisor must listen there, on that port, and answer to that name. */
function controlAstray(compose: ComposeFile, name: string, told: string): string[] {
  const [host = '', port] = told.split(':');
  const { HOST, PORT, ALLOWED_HOSTS = '' } = compose.services[host]?.environment ?? {};
  const answers = HOST === '0.0.0.0' && PORT === port && ALLOWED_HOSTS.split(',').includes(host);
  return answers ? [] : [`${name}: nobody answers at ${told}`];
}

/** A Kafka client must reach a listener that tells it the very address through which it came. */
function kafkaAstray(compose: ComposeFile, name: string, told: string, reached: string): string[] {
  const flag = (prefix: string) =>
    compose.services.broker?.command?.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? '';
  const listener = flag('--kafka-addr=')
    .split(',')
    .find((one) => one.endsWith(`://0.0.0.0:${reached.split(':')[1]}`));
  if (!reached.startsWith('broker:') || listener === undefined) return [`${name}: nothing listens at ${reached}`];
  const advertised = `${listener.split('://')[0]}://${told}`;
  return flag('--advertise-kafka-addr=').split(',').includes(advertised) ? [] : [`${name}: ${told} is not advertised`];
}
