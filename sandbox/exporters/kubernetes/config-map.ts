import { type Plan, type PlannedService, portOf } from '../plan.ts';
import type { Settings } from '../settings.ts';
import { type KubernetesObject, labelsOf } from './object.ts';

/** Name of the ConfigMap that all services share. */
export const sharedConfig = 'fleet-config';

/** What is the same for every service of a stage. */
export function sharedConfigMap(plan: Plan, settings: Settings): KubernetesObject {
  const hosts = plan.services.map((service) => service.process.name);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: sharedConfig, namespace: settings.namespace, labels: labelsOf(sharedConfig, 'configuration') },
    data: {
      // Servers answer only to names they know, so that a web page cannot reach them under a name of its own.
      ALLOWED_HOSTS: [...hosts, settings.host, settings.identityHost].join(','),
      DEPLOYMENT_ENVIRONMENT: settings.environment,
      IDENTITY_ISSUER: `https://${settings.identityHost}`,
      KAFKA_BROKERS: settings.kafkaBrokers,
      LOG_LEVEL: settings.logLevel,
      OTEL_EXPORTER_OTLP_ENDPOINT: settings.otlpEndpoint,
    },
  };
}

export function addressesName(service: PlannedService): string {
  return `${service.process.name}-addresses`;
}

/** Where a service finds its neighbours; null for one that calls nobody. */
export function addressConfigMap(plan: Plan, service: PlannedService, settings: Settings): KubernetesObject | null {
  const data = addressesOf(plan, service);
  if (Object.keys(data).length === 0) return null;
  const name = addressesName(service);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: settings.namespace, labels: labelsOf(name, 'configuration') },
    data,
  };
}

/** One variable per edge, as the supervisor hands them out here. */
export function addressesOf(plan: Plan, service: PlannedService): Record<string, string> {
  const known = service.calls.map((edge) => {
    const target = plan.services.find((other) => other.process.name === edge.to);
    if (target === undefined) throw new Error(`${edge.from} calls ${edge.to}, which is not exported`);
    const address = `${edge.to}:${portOf(target, edge.protocol === 'grpc' ? 'grpc' : 'http')}`;
    return [edge.variable, edge.protocol === 'grpc' ? address : `http://${address}`] as const;
  });
  const { paymentsUrl } = plan.options;
  const outside =
    paymentsUrl !== null && service.secretFiles.includes('PAYMENTS_API_KEY') ? [['PAYMENTS_URL', paymentsUrl]] : [];
  return Object.fromEntries([...known, ...outside].sort(([a], [b]) => String(a).localeCompare(String(b))));
}
