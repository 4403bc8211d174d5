import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { onFleet } from '../flows/fixture.ts';
import { openChaos } from '../support/chaos.ts';
import { experimentFile, faultStep } from '../support/experiment-file.ts';

const { fleet } = await onFleet();
const chaos = openChaos(fleet);
const folder = mkdtempSync(join(tmpdir(), 'orrery-experiment-'));
const file = (name: string) => join(folder, name);

beforeAll(() => chaos.request('POST', '/release'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, method: unknown[], more: Record<string, unknown> = {}): string {
  writeFileSync(file(`${name}.json`), JSON.stringify(experimentFile({ title: name, method, ...more })));
  return file(`${name}.json`);
}

test('a crash between charge and record is survived, and told as HTML, JUnit and JSON', async () => {
  const path = write('survived', [faultStep('crash-after-charge', 'billing', { at: '500ms', for: '20s' })]);
  const outputs = ['--report', file('out.html'), '--junit', file('out.xml')];
  const { code, stdout, stderr } = await fleet.orrery(['chaos', 'run', path, '--seed', '7', '--json', ...outputs]);
  expect(stderr).toBe('');
  const run = ExperimentRun.parse(JSON.parse(stdout));
  expect(run.deviations).toEqual([]);
  expect([code, run.outcome, run.seed]).toEqual([0, 'passed', 7]);
  expect(run.faults[0]?.run).toMatchObject({ hits: 1, state: 'reverted' });
  expect(run.faults[0]?.detectMs).not.toBeNull();
  expect(run.load?.ok).toBeGreaterThan(0);
  expect(readFileSync(file('out.html'), 'utf8')).toContain(run.run);
  expect(readFileSync(file('out.xml'), 'utf8')).toContain('failures="0"');
});

test('a fault that touches nothing fails the run, and is gone all the same', async () => {
  const path = write('quiet', [faultStep('latency', 'workers-identity-http', { at: '0s', for: '2s' })]);
  const { code, stdout } = await fleet.orrery(['chaos', 'run', path, '--json']);
  const run = ExperimentRun.parse(JSON.parse(stdout));
  expect(run.deviations).toEqual(['"latency" did not bite: its injector touched nothing']);
  expect([code, run.outcome]).toEqual([1, 'deviated']);
  expect((await chaos.state()).faults.filter(isActive)).toEqual([]);
});

// Half a minute: CI is content with what sandbox/experiments/run.test.ts and burn.test.ts say of it.
test.skipIf(process.env.CI)('an exhausted error budget stops an experiment, and its fault with it', async () => {
  const parameters = { status: '503', route: 'POST /orders' };
  const path = write('budget', [faultStep('http-errors', 'orders', { at: '0s', for: '60s', parameters })], {
    load: { rate: 10, for: '60s' },
    'error-budget': { objective: 0.9995, window: '5s', burn: 1_000 },
  });
  const { code, stdout } = await fleet.orrery(['chaos', 'run', path, '--json']);
  const run = ExperimentRun.parse(JSON.parse(stdout));
  expect(run.deviations[0]).toMatch(/^the error budget is exhausted: \d+ of \d+ requests of the last 5s/);
  expect([code, run.outcome]).toEqual([1, 'deviated']);
  expect(run.worstBurn).toBeGreaterThan(1_000);
  expect(run.faults[0]?.run).toMatchObject({ state: 'reverted', endedBy: 'user' });
  expect(run.load?.phase).toBe('stopped');
});

test('a file that is none is refused with the place, and a fault that is on keeps an experiment from beginning', async () => {
  writeFileSync(file('bad.yaml'), 'title: x\nload: { rate: fast }\n');
  const bad = await fleet.orrery(['chaos', 'run', file('bad.yaml')]);
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain('bad.yaml:2: load.rate');

  const { id } = await chaos.inject({ fault: 'latency', target: 'workers-identity-http', ttlMs: 60_000 });
  const path = write('blocked', [faultStep('crash', 'billing', { at: '0s', for: '20s' })]);
  const blocked = await fleet.orrery(['chaos', 'run', path, '--json']);
  await chaos.stop(id);
  expect(blocked.code).toBe(3);
  expect(ExperimentRun.parse(JSON.parse(blocked.stdout))).toMatchObject({ outcome: 'not-run', methodAt: null });
});
