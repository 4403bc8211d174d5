/**
 * What differs between stages, and what a chart leaves open. Builders put these values into objects without looking at
 * them, so the same builder serves a stage (values) and the Helm chart (marks that stand for template expressions).
 */
import { createHash } from 'node:crypto';
import type { ExportOverlay } from '#contracts/sandbox/export.ts';
import type { Plan, PlannedService } from './plan.ts';
import { kafkaBrokersOf } from './stores.ts';

export type Settings = {
  namespace: string;
  environment: string;
  logLevel: string;
  host: string;
  identityHost: string;
  image: string;
  /** What the services call their own version. */
  version: string;
  kafkaBrokers: string;
  otlpEndpoint: string;
  minReplicas: number;
  maxReplicas: number;
  /** Of a service that does not scale by itself; undefined leaves the field out. */
  replicas(service: PlannedService): number | undefined;
  resources(service: PlannedService): object;
  /** Changes with the shared configuration, so that pods are replaced when it changes. */
  configChecksum: string;
};

export type Stage = ExportOverlay | 'base';

/** Settings of a stage. The base is what prod runs; dev and staging are smaller and say more. */
export function settingsOf(plan: Plan, stage: Stage): Settings {
  const { options } = plan;
  const suffix = stage === 'dev' || stage === 'staging' ? `-${stage}` : '';
  const host = suffix === '' ? options.host : `${stage}.${options.host}`;
  const small = stage === 'dev';
  const environment = stage === 'base' || stage === 'prod' ? 'production' : stage === 'dev' ? 'development' : 'staging';
  const logLevel = small ? 'debug' : 'info';
  const namespace = `${options.namespace}${suffix}`;
  const kafkaBrokers = kafkaBrokersOf(options, namespace);
  const minReplicas = small ? 1 : options.replicas;
  return {
    namespace,
    environment,
    logLevel,
    host,
    identityHost: `id.${host}`,
    image: imageOf(plan),
    version: options.tag,
    kafkaBrokers,
    otlpEndpoint: otlpEndpointOf(plan),
    minReplicas,
    maxReplicas: small ? 2 : options.maxReplicas,
    replicas: () => (options.autoscaling === 'none' ? minReplicas : undefined),
    resources: (service) => resourcesOf(service),
    configChecksum: checksumOf([environment, logLevel, host, kafkaBrokers, otlpEndpointOf(plan)]),
  };
}

/** Same as `sha256sum | trunc 16` over the parts joined by "|" in the chart. */
export function checksumOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('|')).digest('hex').slice(0, 16);
}

export function imageOf({ options }: Plan): string {
  return `${options.registry}/orrery:${options.tag}${options.digest === null ? '' : `@${options.digest}`}`;
}

export function otlpEndpointOf({ options }: Plan): string {
  return `http://otel-collector.${options.observabilityNamespace}.svc.cluster.local:4318`;
}

/** Requests and limits of the topology; disk for what Node compiles and the invoice renderer spools. */
export function resourcesOf({ process }: PlannedService) {
  const { cpuRequestMillis, cpuLimitMillis, memoryRequestMiB, memoryLimitMiB } = process.resources;
  return {
    requests: { cpu: `${cpuRequestMillis}m`, memory: `${memoryRequestMiB}Mi`, 'ephemeral-storage': '64Mi' },
    limits: { cpu: `${cpuLimitMillis}m`, memory: `${memoryLimitMiB}Mi`, 'ephemeral-storage': '256Mi' },
  };
}
