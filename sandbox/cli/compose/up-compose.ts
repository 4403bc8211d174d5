/** `orrery up --compose`: the containers of compose/compose.yaml, until all of them can work. */
import { AppError } from '#contracts/errors.ts';
import { homeFiles } from '../../supervisor/home.ts';
import { until } from '../../supervisor/until.ts';
import { findProcesses } from '../control-client.ts';
import { type ContainerState, notReady, readContainerStates } from './container-states.ts';
import { consoleLink, failure, noteContainers } from './containers.ts';
import { compose } from './docker.ts';
import { assertDockerSuffices } from './requirements.ts';

/**
 * Builds, starts, waits and prints where to look; resolves to the exit code. Throws `unavailable` when Docker is missing
 * or does not suffice, `conflict` when the embedded fleet holds the ports.
 */
export async function upCompose(options: { json: boolean; timeoutSeconds: number }): Promise<number> {
  const embedded = await findProcesses();
  if (embedded !== null) {
    throw new AppError(
      'conflict',
      `the sandbox without containers (pid ${embedded.pid}) has the same ports: stop it with \`npm run orrery -- down\``,
    );
  }
  await assertDockerSuffices();
  // Before: one that fails halfway leaves containers, which `down` must find.
  await noteContainers(homeFiles());
  const started = await compose(['up', '--build', '--detach'], { shown: !options.json });
  if (started.code !== 0) throw failure('up', started);
  let states: ContainerState[] = [];
  await until(
    async () => {
      states = readContainerStates((await compose(['ps', '--all', '--format', 'json'])).out);
      return states.length > 0 && notReady(states).length === 0;
    },
    { timeoutMs: options.timeoutSeconds * 1_000, everyMs: 500 },
  );
  const waiting = states.length === 0 ? ['there is no container'] : notReady(states);
  for (const line of waiting) console.error(line);
  if (waiting.length > 0) console.error('Why: `docker compose -f compose/compose.yaml logs NAME`.');
  else await report(states, options.json);
  return waiting.length === 0 ? 0 : 1;
}

async function report(states: readonly ContainerState[], json: boolean): Promise<void> {
  const addresses = { gateway: 'http://127.0.0.1:8080', ...(await consoleAddress(states)), ...grafanaAddress(states) };
  if (json) {
    console.log(JSON.stringify({ addresses, containers: states }, null, 2));
    return;
  }
  console.log('Orrery is running in containers.');
  for (const [name, address] of Object.entries(addresses)) console.log(`${name.padEnd(8)} ${address}`);
  console.log('Stop it with: npm run orrery -- down');
}

function grafanaAddress(states: readonly ContainerState[]): { grafana?: string } {
  return states.some(({ Service }) => Service === 'grafana') ? { grafana: 'http://127.0.0.1:3001' } : {};
}

async function consoleAddress(states: readonly ContainerState[]): Promise<{ console?: string }> {
  return states.some(({ Service }) => Service === 'console') ? { console: await consoleLink() } : {};
}
