/** The fleet's addresses in containers: host names are those of the processes, ports the defaults, edges lead through toxics. */

import type { Fleet } from '../fleet.ts';
import { type Addresses, createAddresses, type HostOf } from '../supervisor/addresses.ts';
import { type Detours, detourWishes, planDetours } from '../supervisor/detours.ts';
import type { PortTable } from '../supervisor/ports.ts';
import { supervisorName, supervisorPort } from '../topology.ts';

const hostOf: HostOf = (process) => process;

export type ContainerNetwork = { addresses: Addresses; detours: Detours };

export function containerNetwork(fleet: Fleet): ContainerNetwork {
  const ports: PortTable = { [supervisorName]: { http: supervisorPort } };
  for (const process of fleet.processes) ports[process.name] = { ...process.ports };
  for (const { process, purpose, port } of detourWishes(fleet)) ports[process] = { ...ports[process], [purpose]: port };
  const detours = planDetours(fleet, ports, hostOf);
  return { detours, addresses: createAddresses(fleet, ports, detours.addresses, hostOf) };
}
