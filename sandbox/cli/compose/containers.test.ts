import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ContainerWorld, containerWorld } from '../../supervisor/docker/testing/container-world.ts';
import { homeFiles } from '../../supervisor/home.ts';
import { noteContainers } from './containers.ts';
import { type Answers, type FakeDocker, fakeDocker } from './testing/fake-docker.ts';

let world: ContainerWorld;
let docker: FakeDocker;
let running: Answers;

beforeAll(async () => {
  world = await containerWorld();
  running = { 'compose port': { out: `${world.controlUrl.replace('http://', '')}\n` } };
});
afterAll(() => world.end());
beforeEach(async () => {
  docker = fakeDocker(running);
  docker.secrets({
    supervisor: {
      CONTROL_TOKEN: 'token-of-the-control-api',
      TELEMETRY_TOKEN: 'telemetry',
      AUDITOR_TOKEN: 'auditor',
      AGENT_TOKEN: 'is nobody’s business here',
      IDENTITY_CLIENT_SECRET: 'cli',
    },
    console: { CONSOLE_LAUNCH_TOKEN: 'launch-token' },
  });
  await noteContainers(homeFiles(docker.home));
});
afterEach(() => docker.remove());

const noted = () => existsSync(path.join(docker.home, 'containers.json'));

test('status asks the supervisor in its container, and finds the console’s link in its own', async () => {
  const { code, out } = await docker.orrery('status');
  expect(out).toMatch(/^orders +running +8101/m);
  expect(out).toContain('Ready, in containers');
  expect(out).toContain('Console  http://127.0.0.1:3000/?token=launch-token');
  expect(code).toBe(0);
  const { state } = JSON.parse((await docker.orrery('status', '--json')).out);
  expect(state.endpoints).toMatchObject({ telemetry: 'http://127.0.0.1:4319', kafka: '127.0.0.1:19092' });
});

test('logs and faults go over the same control API', async () => {
  world.engine.print('orders', 1, '{"level":"info","message":"all is well"}');
  await expect
    .poll(async () => JSON.stringify((await world.ask('GET', '/processes/orders/logs')).body))
    .toContain('all is well');
  expect((await docker.orrery('logs', 'orders')).out).toContain('all is well');
  expect((await docker.orrery('chaos', 'list')).out).toContain('broker-down');
});

test('no secret is kept on this side', async () => {
  await docker.orrery('status');
  const note = path.join(docker.home, 'containers.json');
  expect(Object.keys(JSON.parse(await readFile(note, 'utf8')))).toEqual(['startedAt']);
  expect((await stat(note)).mode & 0o777).toBe(0o600);
  expect(existsSync(path.join(docker.home, 'launch.json'))).toBe(false);
});

test.each<[string, () => void, string]>([
  [
    'a supervisor that does not run',
    () => docker.secrets({}),
    'cannot be reached (service "supervisor" is not running)',
  ],
  [
    'no published port',
    () => docker.answer({ 'compose port': { code: 1, err: 'no port 7070/tcp for container\n' } }),
    'cannot be reached (no port 7070/tcp for container)',
  ],
  ['a secret that is missing', () => docker.secrets({ supervisor: { CONTROL_TOKEN: 'x' } }), 'ENOENT'],
  [
    'nobody at the port',
    () => docker.answer({ 'compose port': { out: '127.0.0.1:1\n' } }),
    'logs supervisor` may tell why',
  ],
  ['no docker any more', () => docker.answer(null), 'docker was not found'],
])('%s: said, with what to do', async (_name, happens, message) => {
  happens();
  const { code, err } = await docker.orrery('order');
  expect(err).toContain(message);
  expect(code).toBe(1);
});

test('down takes the containers away, and from then on nothing runs here', async () => {
  docker.answer({ ...running, 'compose down': { code: 1, err: 'permission denied\n' } });
  const refused = await docker.orrery('down', '--json');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('`docker compose down` ended with 1: permission denied\n');
  expect(refused.err).toContain(`delete ${path.join(docker.home, 'containers.json')}`);
  expect(JSON.parse((await docker.orrery('status', '--json')).out)).toMatchObject({ running: true });
  docker.answer({ ...running, 'compose down': { out: 'Container orrery-orders-1 Removed\n' } });
  const { code, out } = await docker.orrery('down', '--json');
  expect(JSON.parse(out)).toEqual({ stopped: true, orphans: [] });
  expect(code).toBe(0);
  expect(docker.called()).toContain('["compose","down"]');
  expect((await docker.orrery('order')).err).toContain('nothing is running here');
  expect(JSON.parse((await docker.orrery('down', '--json')).out)).toMatchObject({ stopped: false });
  // Their volumes are still there.
  expect((await docker.orrery('reset', '--yes')).out).toContain('and the volumes of the containers.');
  expect(docker.called()).toContain('["compose","down","--volumes"]');
  expect(noted()).toBe(false);
});

test('containers that were taken away by hand are not waited for', async () => {
  docker.secrets({});
  docker.answer({ ...running, 'compose ps': { out: '' } });
  expect((await docker.orrery('order')).err).toContain('nothing is running here');
  expect((await docker.orrery('status')).out).toContain('Nothing is running.');
});

test('a damaged note is named', async () => {
  await writeFile(path.join(docker.home, 'containers.json'), '{');
  expect((await docker.orrery('status')).err).toContain(
    'containers.json is damaged; when there are no containers, delete it',
  );
});

test('reset forgets their volumes as well', async () => {
  docker.answer({ ...running, 'compose down': {} });
  const { code, out } = await docker.orrery('reset', '--yes');
  expect(out).toContain(`Deleted ${docker.home}, and the volumes of the containers.`);
  expect(docker.called()).toContain('["compose","down","--volumes"]');
  expect([code, noted()]).toEqual([0, false]);
});

test('while they run, `up` without containers is refused', async () => {
  docker.answer({ 'compose ps': { out: '4f1b0c\n' } });
  const { code, err } = await docker.orrery('up', '--detach');
  expect(err).toContain('the fleet runs in containers, with the same ports');
  expect(code).toBe(1);
});

test('load that is to settle otherwise than the generator there does is refused', async () => {
  const { code, err } = await docker.orrery('load', '--rate', '1', '--settle', '5s');
  expect(err).toContain('--settle: the generator in containers waits 60 s');
  expect(code).toBe(2);
});
