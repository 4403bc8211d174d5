import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { notReady, readContainerStates } from './container-states.ts';
import { isOlder } from './requirements.ts';
import { type Answer, type Answers, type FakeDocker, fakeDocker } from './testing/fake-docker.ts';

const made: FakeDocker[] = [];
afterEach(() => {
  for (const fake of made.splice(0)) fake.remove();
});

const gibibyte = 2 ** 30;
const info = (fields: object) => JSON.stringify({ ServerVersion: '28.2.2', MemTotal: 8 * gibibyte, ...fields });
const container = (Service: string, State: string, Health = '', ExitCode = 0) =>
  JSON.stringify({ Service, State, Health, ExitCode });
const well = [
  container('secrets', 'exited'),
  container('orders', 'running', 'healthy'),
  container('console', 'running'),
];

const suffices: Answers = {
  info: { out: info({}) },
  'compose version': { out: '2.40.3\n' },
  'compose up': {},
  'compose ps': { out: well.join('\n') },
};

/** Runs `up --compose` beside a docker of ours; null for a machine without. */
async function up(answers: Answers | null, ...more: string[]) {
  const fake = fakeDocker(answers);
  made.push(fake);
  fake.secrets({ console: { CONSOLE_LAUNCH_TOKEN: 'launch-token' } });
  const said = await fake.orrery('up', '--compose', ...more);
  return { ...said, called: fake.called(), noted: existsSync(path.join(fake.home, 'containers.json')) };
}

test('builds, starts, waits until everything is ready and prints where to look', async () => {
  const starting = [container('secrets', 'running'), container('orders', 'running', 'starting')].join('\n');
  const answers = { ...suffices, 'compose ps': [{ out: starting }, { out: well.join('\n') }] };
  const { code, out, called, noted } = await up(answers);
  expect(out).toContain('http://127.0.0.1:3000/?token=launch-token');
  expect(called).toContain('["compose","up","--build","--detach"]');
  expect(called.match(/^"compose ps"/gm)).toHaveLength(2);
  expect([code, noted]).toEqual([0, true]);
});

test('with --json only JSON is printed', async () => {
  const { out } = await up({ ...suffices, 'compose up': { out: 'Container orrery-orders-1 Started\n' } }, '--json');
  expect(JSON.parse(out)).toMatchObject({ addresses: { gateway: 'http://127.0.0.1:8080' } });
});

test.each<[string, Record<string, Answer> | null, string]>([
  ['no docker', null, 'docker was not found: install Docker Engine or Docker Desktop'],
  [
    'no daemon',
    {
      info: {
        code: 1,
        out: info({ ServerVersion: '', MemTotal: 0 }),
        err: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock',
      },
    },
    'the Docker daemon does not answer: start it and try again (Cannot connect',
  ],
  [
    'an old engine',
    { info: { out: info({ ServerVersion: '25.0.5' }) } },
    'Docker Engine 25.0.5 is too old: 26.0.0 or newer',
  ],
  [
    'no compose',
    { info: { out: info({}) }, 'compose version': { code: 1, err: "docker: 'compose' is not a docker command." } },
    'docker has no `compose`',
  ],
  [
    'an old compose',
    { info: { out: info({}) }, 'compose version': { out: 'v2.17.2' } },
    'Docker Compose v2.17.2 is too old: 2.26.0 or newer',
  ],
  [
    'too little memory',
    { info: { out: info({ MemTotal: 2.5 * gibibyte }) }, 'compose version': { out: '2.40.3' } },
    'Docker may use 2.5 GiB of memory and needs 6',
  ],
])('%s: says so, starts nothing and exits with 1', async (_name, answers, message) => {
  const { code, err, called, noted } = await up(answers);
  expect(err).toContain(message);
  expect(called).not.toContain('"compose up"');
  expect([code, noted]).toEqual([1, false]);
});

test('a start that fails, and a container that does not get ready, are named', async () => {
  const refused = await up({ ...suffices, 'compose up': { code: 17, err: 'port is already allocated\n' } }, '--json');
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/ended with 17: port is already allocated/) });
  expect(refused.noted, 'what was started before is there for `down`').toBe(true);
  const ill = { ...suffices, 'compose ps': { out: [...well, container('roles', 'exited', '', 1)].join('\n') } };
  const stuck = await up(ill, '--timeout', '1');
  expect(stuck).toMatchObject({ code: 1, err: expect.stringContaining('roles ended with 1') });
});

test('--dev belongs to the other world', async () => {
  expect(await up(suffices, '--dev')).toMatchObject({ code: 2, err: expect.stringContaining('not with --compose') });
});

test.each([
  ['26.0.0', false],
  ['25.9.9', true],
  ['v27.1', false],
  ['26.1.0-desktop.3', false],
  ['9.0.0', true],
  ['dev', false],
])('%s is older than 26.0.0: %s', (version, older) => {
  expect(isOlder(version, '26.0.0')).toBe(older);
});

test('ready is: jobs have ended with 0, all others run, and those that say how they are are well', () => {
  const states = readContainerStates(
    [...well, container('loki', 'running', 'unhealthy'), container('tempo', 'restarting'), ''].join('\n'),
  );
  expect(notReady(states)).toEqual(['loki is unhealthy', 'tempo is restarting']);
  expect(() => readContainerStates('NAME  IMAGE')).toThrow('something unknown');
});
