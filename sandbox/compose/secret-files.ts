/** Which secrets a process gets, each as a file that holds nothing else. The job `secrets` writes them (jobs/write-secrets.ts). */
import type { Fleet, FleetProcess } from '../fleet.ts';

/** Where a process finds its own; it sees nobody else's. */
export const secretFolder = '/run/orrery';

export function secretFile(variable: string): string {
  return `${secretFolder}/${variable}`;
}

/** Folder of a process in the volume that the job writes. */
export function secretSubpath(process: string): string {
  return `files/${process}`;
}

/** Variables that hold a secret. A client's id is none; whoever sends OTLP sends it to the Collector, which asks for no key. */
export function secretVariables(fleet: Fleet, process: FleetProcess): string[] {
  const hasDatabase = fleet.edges.some((edge) => edge.from === process.name && edge.protocol === 'postgres');
  return [
    ...(hasDatabase ? ['DATABASE_URL'] : []),
    ...(process.cache ? ['CACHE_URL'] : []),
    ...process.secrets.filter((name) => name !== 'IDENTITY_CLIENT_ID' && name !== 'OTLP_KEY'),
  ];
}
