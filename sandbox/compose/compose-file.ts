/** compose/compose.yaml as data: a function of the topology, so that it cannot forget a process, a port or an edge. */
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { jsonFile } from '../exporters/file.ts';
import { toYaml } from '../exporters/yaml.ts';
import type { Fleet } from '../fleet.ts';
import type { Container } from './container.ts';
import { infrastructure, toxiproxyConfig } from './infrastructure.ts';
import { jobs } from './jobs.ts';
import { observability, observabilityFiles } from './observability.ts';
import { processContainer, replaced } from './processes.ts';
import { engineNetwork, supervision } from './supervision.ts';

export type ComposeFile = {
  name: string;
  services: Record<string, Container>;
  networks: Record<string, object>;
  volumes: Record<string, object>;
};

export function composeFile(fleet: Fleet, version: string): ComposeFile {
  const processes = fleet.processes
    .filter(({ name }) => !replaced.includes(name))
    .map((process) => [process.name, processContainer(fleet, process, version)] as const);
  const services = {
    ...infrastructure(fleet),
    ...jobs(fleet),
    ...Object.fromEntries(processes),
    ...supervision(fleet),
    ...observability(),
  };
  const volumes = Object.values(services)
    .flatMap((container) => container.volumes ?? [])
    .flatMap((mount) => (mount.type === 'volume' ? [mount.source] : []));
  return {
    name: 'orrery',
    services,
    networks: { default: {}, [engineNetwork]: { internal: true } },
    volumes: Object.fromEntries([...new Set(volumes)].map((name) => [name, {}])),
  };
}

const header = [
  'Written by sandbox/compose/render.ts from sandbox/topology.ts: change it there. docs/compose.md says how to use it.',
  'Everything is on 127.0.0.1 only. Profiles `observability` and `console` are on by compose/.env; without them the fleet',
  'alone starts.',
].join('\n');

/** Every file that is generated, by its path in the checkout. */
export function composeFiles(fleet: Fleet, version: string): ExportFile[] {
  return [
    { path: 'compose/compose.yaml', content: toYaml(composeFile(fleet, version), header) },
    jsonFile('compose/toxiproxy.json', toxiproxyConfig(fleet)),
    ...observabilityFiles(fleet),
  ];
}
