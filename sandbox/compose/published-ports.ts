/** Where a person on this machine finds what runs in containers: ports on loopback. */
import type { FleetProcess } from '../fleet.ts';

/** Redpanda tells who comes from the host another address than those who come from containers. */
export const kafkaOnHost = 19_092;
/** The Collector takes spans and logs for all stores, where telemetry does without containers. */
export const otlpOnHost = { grpc: 4_317, http: 4_318 };

const moved: Record<string, Record<string, number>> = { telemetry: { http: 4_319 }, broker: { kafka: kafkaOnHost } };

/** Ports of a process by purpose. */
export function publishedPorts({ name, ports }: FleetProcess): Record<string, number> {
  return { ...ports, ...moved[name] };
}
