import type { TestProject } from 'vitest/node';
import { startFleet } from '../support/fleet.ts';

declare module 'vitest' {
  interface ProvidedContext {
    fleetHome: string;
  }
}

/** One fleet for all flows, without the console. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const fleet = await startFleet({ without: ['console'] });
  project.provide('fleetHome', fleet.home);
  return () => fleet.stop();
}
