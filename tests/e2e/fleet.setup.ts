import { startFleet } from '../support/fleet.ts';
import { homeVariable } from './target.ts';

/** One fleet with the production console for all stories, or the one whose state directory is given. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env[homeVariable] !== undefined) return async () => {};
  const fleet = await startFleet();
  // Playwright's workers inherit the environment.
  process.env[homeVariable] = fleet.home;
  return () => fleet.stop();
}
