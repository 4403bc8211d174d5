/** What the services keep their data in, and who of it is deployed along: Postgres, Redpanda, Valkey. */
import type { ExportOptions } from '#contracts/sandbox/export.ts';

export type StoreName = 'postgres' | 'redpanda' | 'valkey';

/** Each is one pod with a volume, in the namespace of the services. */
export const storePorts = { postgres: 5432, redpanda: 9092, valkey: 6379 } as const satisfies Record<StoreName, number>;

export const storeNames = Object.keys(storePorts) as StoreName[];

export function isDeployed(name: StoreName, options: ExportOptions): boolean {
  return options[name] === 'statefulset';
}

/** Bootstrap addresses of the broker. Fully qualified: KEDA asks from its own namespace. */
export function kafkaBrokersOf(options: ExportOptions, namespace: string): string {
  return isDeployed('redpanda', options)
    ? `redpanda.${namespace}.svc.cluster.local:${storePorts.redpanda}`
    : options.kafkaBrokers;
}

export function brokerPorts(options: ExportOptions): number[] {
  if (isDeployed('redpanda', options)) return [storePorts.redpanda];
  const ports = options.kafkaBrokers.split(',').map((address) => Number(address.slice(address.lastIndexOf(':') + 1)));
  return [...new Set(ports)].sort((a, b) => a - b);
}
