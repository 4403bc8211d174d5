import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { systemClock } from '../../chaos/clock.ts';
import { planExperiment } from '../../experiments/plan.ts';
import { createRecord } from '../../experiments/record.ts';
import { experiment } from '../../experiments/testing/world.ts';
import { readRuns, uncountedOf, writeRun } from './run-files.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'orrery-runs-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const given = experiment();
const without = { service: 'billing', pattern: 'idempotency-key' } as const;

/** A run as it is on disk at its start, or later. */
function written(run: string, part: 'with' | 'without', change: Partial<ExperimentRun>): ExperimentRun {
  const comparison = { part, without, other: 'x', breaks: ['S3' as const], teaches: null };
  const plan = planExperiment(given, 1);
  const record = createRecord({ run, experiment: given, seed: 1, plan, comparison, clock: systemClock });
  return { ...record.run, ...change };
}

const methodAt = '2026-11-30T10:00:00.000Z';

test('of a run that was killed without its pattern it is open what it left, until that is counted', async () => {
  await writeRun(folder, written('1-whole', 'without', { phase: 'over', methodAt, left: [] }));
  await writeRun(folder, written('2-cut', 'without', { phase: 'method', methodAt }));
  await writeRun(folder, written('3-early', 'without', { phase: 'steady-state' }));
  await writeRun(folder, written('4-with', 'with', { phase: 'method', methodAt }));
  const runs = await readRuns(folder);
  expect(runs.map(({ run, left }) => [run, left])).toEqual([
    ['4-with', []],
    ['3-early', []],
    ['2-cut', null],
    ['1-whole', []],
  ]);
  expect(runs[2]).toMatchObject({ phase: 'over', outcome: 'stopped' });
  expect(runs[2]?.deviations.join()).toContain('is counted before the next run begins');

  const uncounted = uncountedOf(runs, folder);
  expect(uncounted?.runs).toEqual(['2-cut']);
  await uncounted?.keep([{ id: 'S3', violations: 2 }]);
  const after = await readRuns(folder);
  expect(after[2]?.left).toEqual([{ id: 'S3', violations: 2 }]);
  expect(uncountedOf(after, folder)).toBeNull();
});
