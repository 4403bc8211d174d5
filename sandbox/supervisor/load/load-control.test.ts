import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { HistoryLine, LoadPlan, type LoadRun } from '#contracts/sandbox/load.ts';
import { type FakeFleet, startFakeFleet } from '../../load/testing/fake-fleet.ts';
import { until } from '../until.ts';
import { createLoadControl, type LoadControl } from './load-control.ts';

const home = await mkdtemp(path.join(tmpdir(), 'orrery-load-control-'));
afterAll(() => rm(home, { recursive: true }));

let fleet: FakeFleet;
let load: LoadControl;
beforeEach(async () => {
  fleet = await startFakeFleet();
  load = createLoadControl({
    home,
    environment: () => ({
      PATH: process.env.PATH ?? '',
      GATEWAY_URL: fleet.url,
      IDENTITY_URL: fleet.url,
      IDENTITY_CLIENT_ID: 'cli',
      IDENTITY_CLIENT_SECRET: 'secret',
    }),
  });
});
afterEach(async () => {
  await load.close();
  await fleet.close();
});

const plan = (given: Partial<LoadPlan>) => LoadPlan.parse({ ratePerSecond: 20, seconds: 600, ...given });

async function becomes(condition: (run: LoadRun) => boolean): Promise<LoadRun> {
  const met = await until(
    () => {
      const run = load.current();
      return run !== null && condition(run);
    },
    { timeoutMs: 30_000 },
  );
  if (!met) throw new Error(`stayed ${JSON.stringify(load.current())}`);
  return load.current() as LoadRun;
}

test('a run goes to its end in a process of its own and leaves history and report', async () => {
  const { run } = await load.start(plan({ orders: 12, saga: 'both' }));
  expect(await becomes(({ phase }) => phase === 'finished')).toMatchObject({ run, due: 12, ok: 12, confirmed: 12 });
  expect(new Set(fleet.orders.map((order) => order.sagaStyle))).toEqual(new Set(['choreography', 'orchestration']));
  const lines = (await readFile(load.historyFile(run), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => HistoryLine.parse(JSON.parse(line)))).toHaveLength(24);
  expect(await load.find(run)).toMatchObject({ phase: 'finished' });
});

test('one run at a time; its rate changes, and it stops with what is under way', async () => {
  const { run } = await load.start(plan({}));
  await expect(load.start(plan({}))).rejects.toThrow('a load run goes on');
  expect(load.changeRate(run, 200).ratePerSecond).toBe(200);
  await becomes(({ ok }) => ok > 60);
  load.stop(run);
  const ended = await becomes(({ phase }) => phase === 'stopped');
  expect(ended).toMatchObject({ ratePerSecond: 200, open: 0, confirmed: ended.ok });
  expect(() => load.changeRate(run, 1)).toThrow(`run ${run} places no more orders`);
  expect(() => load.stop('another')).toThrow('no run another');
});

test('what is refused is counted by its reason, and is no lost order', async () => {
  fleet.answerWith(429);
  await load.start(plan({ orders: 5 }));
  const run = await becomes(({ phase }) => phase === 'finished');
  expect(run).toMatchObject({ fail: 5, ok: 0, lostCount: 0, errors: { '429 rate_limited': 5 } });
});

test('a generator that is killed is told of, and its history holds what was answered', async () => {
  const { run } = await load.start(plan({}));
  const pids = await children();
  await becomes(({ ok }) => ok > 5);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const ended = await becomes(({ phase }) => phase === 'failed');
  expect(ended.problem).toContain('SIGKILL');
  const text = await readFile(load.historyFile(run), 'utf8');
  const answered = text.split('\n').filter((line) => line.endsWith('}') && JSON.parse(line).type === 'ok');
  expect(answered.length).toBeGreaterThan(5);
});

test('nobody there: the run fails with the reason', async () => {
  await fleet.close();
  await load.start(plan({}));
  expect((await becomes(({ phase }) => phase === 'failed')).problem).toContain('does not answer');
  fleet = await startFakeFleet();
});

/** Child processes of this one, by /proc where there is one, else by ps. */
async function children(): Promise<number[]> {
  const { execFileSync } = await import('node:child_process');
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row))
    .filter((row) => Number(row?.[2]) === process.pid && row?.[3]?.includes('sandbox/load/main.ts'))
    .map((row) => Number(row?.[1]));
}
