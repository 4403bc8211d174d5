import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HistoryLine, LoadPlan, type LoadRun } from '#contracts/sandbox/load.ts';
import { type FakeFleet, startFakeFleet } from '../../load/testing/fake-fleet.ts';
import { sendProblem } from '../../supervisor/control/answers.ts';
import { routeLoad } from '../../supervisor/control/load.ts';
import { createLoadControl, type LoadControl } from '../../supervisor/load/load-control.ts';
import type { RunningContainers } from '../control-client.ts';
import { startLoadInContainers } from './load-in-containers.ts';

let folder: string;
let fleet: FakeFleet;
let load: LoadControl;
let server: Server;
let running: RunningContainers;

/** The supervisor's own routes and generator, on a fleet that is not there. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'orrery-load-in-containers-'));
  fleet = await startFakeFleet();
  load = createLoadControl({
    home: path.join(folder, 'volume'),
    environment: () => ({
      PATH: process.env.PATH ?? '',
      GATEWAY_URL: fleet.url,
      IDENTITY_URL: fleet.url,
      IDENTITY_CLIENT_ID: 'cli',
      IDENTITY_CLIENT_SECRET: 'secret',
    }),
  });
  server = createServer((request, response) => {
    const parts = (request.url ?? '').replace(/^\/v1\/load\/?/, '').split('/');
    routeLoad(request, response, load, parts.filter(Boolean)).catch((error) => sendProblem(request, response, error));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const controlUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const launch = { controlUrl, controlToken: 'x', telemetryToken: 'x', auditorToken: 'x', cliClientSecret: 'x' };
  running = { pid: null, launch };
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await load.close();
  await fleet.close();
  await rm(folder, { recursive: true });
});

const plan = (given: Partial<LoadPlan>) => LoadPlan.parse({ ratePerSecond: 50, seconds: 600, ...given });
const start = (given: Partial<LoadPlan>, historyFile: string | null, onChange: (run: LoadRun) => void = () => {}) =>
  startLoadInContainers(running, { plan: plan(given), historyFile, onChange, pollMs: 20 });

test('the generator there places it to its end, and its history is brought here', async () => {
  const file = path.join(folder, 'mine/history.jsonl');
  const phases = new Set<string>();
  const { done } = await start({ orders: 10 }, file, ({ phase }) => phases.add(phase));
  const run = await done;
  expect(run).toMatchObject({ phase: 'finished', due: 10, ok: 10, confirmed: 10, historyFile: file });
  expect([...phases].at(-1)).toBe('finished');
  const text = await readFile(file, 'utf8');
  expect(text).toBe(await readFile(load.historyFile(run.run), 'utf8'));
  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => HistoryLine.parse(JSON.parse(line))),
  ).toHaveLength(20);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('without a file the history stays where the auditor reads it', async () => {
  const run = await (await start({ orders: 1 }, null)).done;
  expect(run.historyFile).toBe(load.historyFile(run.run));
});

test('it is stopped there', async () => {
  let placed = () => {};
  const some = new Promise<void>((resolve) => {
    placed = resolve;
  });
  const handle = await start({}, null, ({ ok }) => void (ok > 0 && placed()));
  await some;
  handle.stop();
  expect(await handle.done).toMatchObject({ phase: 'stopped', open: 0 });
});

test('a run that may not begin leaves no file; a file that is there is not touched', async () => {
  const other = await start({}, null);
  const file = path.join(folder, 'history.jsonl');
  await expect(start({}, file)).rejects.toThrow('a load run goes on');
  expect(existsSync(file)).toBe(false);
  other.stop();
  other.abandon();
  await other.done;
  await writeFile(file, 'of another run');
  await expect(start({ orders: 1 }, file)).rejects.toThrow(`${file} exists`);
  expect(await readFile(file, 'utf8')).toBe('of another run');
  expect(fleet.orders.length).toBe(load.current()?.due);
});
