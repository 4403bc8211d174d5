import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fleet, fleetAt } from '../support/fleet.ts';

export const homeVariable = 'ORRERY_E2E_HOME';

/** The fleet under test. */
export function targetFleet(): Fleet {
  const home = process.env[homeVariable];
  if (home === undefined) throw new Error(`${homeVariable} is not set: run the stories with playwright test`);
  return fleetAt(home);
}

/** Address that signs a browser in, with its token. */
export function launchUrl(fleet: Fleet): URL {
  const launch = JSON.parse(readFileSync(join(fleet.home, 'launch.json'), 'utf8')) as { consoleLaunch: string };
  return new URL(launch.consoleLaunch);
}
