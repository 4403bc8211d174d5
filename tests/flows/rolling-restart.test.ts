import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { HistoryLine, LoadRun } from '#contracts/sandbox/load.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet } = await onFleet();
const directory = mkdtempSync(join(tmpdir(), 'orrery-restart-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Everything between the edge and an order's end. The gateway itself has no second instance to stand in for it. */
const services = ['orders', 'pricing', 'inventory', 'billing', 'workers', 'history', 'inference', 'payments'];

test('a rolling restart of the services refuses and loses no order (R6)', async () => {
  const file = join(directory, 'history.jsonl');
  const args = [
    'load',
    '--rate',
    '5',
    '--for',
    '40s',
    '--seed',
    '3',
    '--mix',
    'happy=100',
    '--history',
    file,
    '--json',
  ];
  const load = fleet.orrery(args);
  await until('load is under way', async () => (readHistory(file).length > 3 ? true : null), { withinMs: 60_000 });
  for (const name of services) {
    const { restarts, pid } = await fleet.process(name);
    await fleet.control(name, 'restart');
    await until(
      `${name} is running again`,
      async () => {
        const now = await fleet.process(name);
        return now.state === 'running' && now.pid !== pid && now.restarts >= restarts ? true : null;
      },
      { withinMs: 60_000 },
    );
  }
  const underLoad = readHistory(file).filter(({ type }) => type === 'invoke').length;
  const { code, stdout } = await load;
  const run = LoadRun.parse(JSON.parse(stdout));
  expect(run).toMatchObject({ fail: 0, info: 0, lostCount: 0, open: 0 });
  expect(run.confirmed).toBe(run.ok);
  expect(code).toBe(0);
  expect(underLoad).toBeGreaterThan(20);
});

function readHistory(file: string): HistoryLine[] {
  try {
    const complete = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return complete.map((line) => HistoryLine.parse(JSON.parse(line)));
  } catch {
    return [];
  }
}
