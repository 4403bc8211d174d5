/** The one place that turns an edge into an address. A proxy is put between by a detour here; no service changes. */
import { type Fleet, type FleetEdge, targetProcess } from '../fleet.ts';
import { supervisorName } from '../topology.ts';
import type { PortTable } from './ports.ts';

export type Address = { host: string; port: number };

export type Addresses = {
  /** Where the caller of this edge is sent. */
  ofEdge(edge: FleetEdge): Address;
  /** Where a process itself listens. */
  ofProcess(name: string, purpose?: string): Address;
};

/** Name of the way from one process to another by one protocol, as a proxy would be named. */
export function edgeName(fleet: Fleet, edge: FleetEdge): string {
  const protocol = edge.protocol.startsWith('kafka') ? 'kafka' : edge.protocol;
  return `${edge.from}-${targetProcess(fleet, edge)}-${protocol}`;
}

/** Here every process is on loopback; in containers each has a host name. */
export type HostOf = (process: string) => string;
const loopback: HostOf = () => '127.0.0.1';

/** `detours` holds the addresses of proxies by edge name; without one, callers go straight to the process. */
export function createAddresses(
  fleet: Fleet,
  ports: PortTable,
  detours: ReadonlyMap<string, Address> = new Map(),
  hostOf: HostOf = loopback,
): Addresses {
  const ofProcess = (name: string, purpose?: string): Address => {
    const table = ports[name];
    const port = purpose === undefined ? Object.values(table ?? {})[0] : table?.[purpose];
    if (port === undefined) throw new Error(`no port ${purpose ?? ''} for ${name}`);
    return { host: hostOf(name), port };
  };
  return {
    ofProcess,
    ofEdge(edge) {
      const detour = detours.get(edgeName(fleet, edge));
      if (detour !== undefined) return detour;
      const target = targetProcess(fleet, edge);
      return target === supervisorName
        ? ofProcess(target)
        : ofProcess(target, edge.protocol === 'grpc' ? 'grpc' : undefined);
    },
  };
}

export function hostPort({ host, port }: Address): string {
  return `${host}:${port}`;
}

export function httpUrl(address: Address): string {
  return `http://${hostPort(address)}`;
}
