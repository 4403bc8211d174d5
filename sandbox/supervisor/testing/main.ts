/** A supervisor of fixtures in a process of its own, for tests that kill it. Arguments: home, modes as JSON. */
import { homeFiles } from '../home.ts';
import { supervise } from '../supervise.ts';
import { fixtureEnvironment, fixtureFleet } from './fixture-fleet.ts';

const [home = '', modes = '{}'] = process.argv.slice(2);
await supervise({
  fleet: fixtureFleet,
  home: homeFiles(home),
  dev: false,
  environment: fixtureEnvironment(JSON.parse(modes)),
});
