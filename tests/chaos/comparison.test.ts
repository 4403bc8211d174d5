import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SwitchedOff } from '#contracts/sandbox/control-channel.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { allRun, experimentFile, faultStep } from '../support/experiment-file.ts';
import { type Fleet, startFleet } from '../support/fleet.ts';

/*
 * The same fault with a pattern and without it. What breaks without it stays broken in the ledgers, so the fleet is
 * thrown away afterwards.
 */
let fleet: Fleet;
const folder = mkdtempSync(join(tmpdir(), 'orrery-comparison-'));
const file = (name: string) => join(folder, name);
beforeAll(async () => {
  fleet = await startFleet({ without: ['console'] });
});
afterAll(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

const experiment = experimentFile({
  title: 'crash between charge and record',
  'steady-state-hypothesis': {
    title: 'every process runs, and no safety invariant is broken',
    probes: [allRun, { type: 'probe', name: 'broken', provider: { type: 'invariants' }, tolerance: 0, within: '60s' }],
  },
  method: [faultStep('crash-after-charge', 'billing', { at: '500ms', for: '30s' })],
});

test('with its idempotency key billing charges once, without it twice: the one passes, the other is the lesson', async () => {
  writeFileSync(file('crash.json'), JSON.stringify(experiment));
  const how = ['--without', 'idempotency-key@billing', '--report', file('out.html'), '--junit', file('out.xml')];
  const { code, stdout, stderr } = await fleet.orrery(['chaos', 'run', file('crash.json'), '--json', ...how]);
  expect(stderr).toBe('');
  const both = JSON.parse(stdout) as Record<'with' | 'without', unknown>;
  const [withIt, withoutIt] = [ExperimentRun.parse(both.with), ExperimentRun.parse(both.without)];

  expect(withIt).toMatchObject({ outcome: 'passed', deviations: [], comparison: { part: 'with' } });
  expect(withoutIt).toMatchObject({ outcome: 'lesson', deviations: [], seed: withIt.seed });
  expect(withoutIt.comparison).toMatchObject({ part: 'without', other: withIt.run });
  expect(code).toBe(0);
  const captures = withoutIt.verdicts?.find(({ id }) => id === 'S3');
  expect(captures?.counterexample?.problem).toContain('captured 2 times');
  expect(withoutIt.shown.join()).toContain('captured 2 times');

  expect(SwitchedOff.array().parse(await fleet.request('/v1/patterns/off'))).toEqual([]);
  const html = readFileSync(file('out.html'), 'utf8');
  expect(html).toContain('With and without idempotency key in billing');
  expect(readFileSync(file('out.xml'), 'utf8').match(/failures="0"/g)).toHaveLength(2);

  // What it has left broken is not held against the next one.
  const next = await fleet.orrery(['chaos', 'run', file('crash.json'), '--json']);
  expect(ExperimentRun.parse(JSON.parse(next.stdout))).toMatchObject({ outcome: 'passed', deviations: [] });
  expect(next.code).toBe(0);
}, 400_000);

test('a pattern that is not there is refused with those that are, and nothing is done', async () => {
  const refused = async (without: string) => fleet.orrery(['chaos', 'run', file('crash.json'), '--without', without]);
  const unknown = await refused('inbox@payments');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toMatch(
    /payments has no pattern "inbox" that can be switched off; it has|there is no service "payments"/,
  );
  expect((await refused('inbox')).stderr).toContain('It must be pattern@service');
});
