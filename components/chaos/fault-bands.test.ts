import { expect, test } from 'vitest';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { bandsText } from './band-text.ts';
import { bandRows, covered, faultBands, seriesBands } from './fault-bands.ts';

const second = (n: number) => new Date(n * 1_000).toISOString();
const run = (change: Partial<FaultRun>): FaultRun => ({
  id: 'f1',
  fault: 'latency',
  code: 'F-09',
  title: 'Latency on an edge',
  target: 'billing-payments-http',
  touches: ['billing', 'payments'],
  parameters: {},
  seed: 'orrery',
  ttlMs: 60_000,
  state: 'reverted',
  hits: 3,
  armedAt: second(10),
  expiresAt: second(70),
  endedAt: second(20),
  endedBy: 'user',
  revertMs: 5,
  reason: null,
  ...change,
});
const crash = run({ id: 'f2', title: 'Crash', target: 'billing', touches: ['billing', 'gateway'] });
const spans = (faults: readonly FaultRun[], fromS: number, toS: number, place: string | null = null) =>
  faultBands(faults, { fromMs: fromS * 1_000, toMs: toS * 1_000 }, place).map(({ id, fromMs, toMs }) => [
    id,
    fromMs / 1_000,
    toMs / 1_000,
  ]);

test('a fault that is over is a band from its arming to its end, cut to what is shown', () => {
  expect(spans([run({})], 0, 60)).toEqual([['f1', 10, 20]]);
  expect(spans([run({})], 15, 18)).toEqual([['f1', 15, 18]]);
});

test('what was over before, or began after, is not shown', () => {
  expect(spans([run({})], 21, 60)).toEqual([]);
  expect(spans([run({})], 0, 9)).toEqual([]);
});

test.each(['armed', 'biting', 'reverting', 'revert-failed'] as const)('one that is %s goes on to the end', (state) => {
  const [band] = faultBands([run({ state, endedAt: null, endedBy: null })], { fromMs: 0, toMs: 60_000 });
  expect(band).toMatchObject({ active: true, fromMs: 10_000, toMs: 60_000, whole: { fromMs: 10_000, toMs: null } });
});

test('earliest first, whatever the order of the history', () => {
  expect(spans([run({ id: 'late', armedAt: second(15) }), run({})], 0, 60).map(([id]) => id)).toEqual(['f1', 'late']);
});

test('a place has the faults that it felt: on itself, on its edges, and on what it calls', () => {
  const faults = [run({}), crash];
  expect(spans(faults, 0, 60, 'billing')).toHaveLength(2);
  expect(spans(faults, 0, 60, 'payments').map(([id]) => id)).toEqual(['f1']);
  expect(spans(faults, 0, 60, 'billing-payments-http').map(([id]) => id)).toEqual(['f1']);
  expect(spans(faults, 0, 60, 'gateway').map(([id]) => id)).toEqual(['f2']);
  expect(spans(faults, 0, 60, 'workers')).toEqual([]);
});

test('on a sparkline a band is a share of its width', () => {
  const series = [10, 15, 30].map((second) => ({ atMs: second * 1_000 }));
  expect(seriesBands([run({})], series, 'billing')).toEqual([
    { from: 0, to: 0.5, text: 'Latency on an edge on billing-payments-http' },
  ]);
  expect(seriesBands([run({})], series, 'workers')).toEqual([]);
  expect(seriesBands([run({})], [], 'billing')).toEqual([]);
});

test('faults that follow each other share a row, those that overlap do not', () => {
  const bands = [
    { fromMs: 0, toMs: 10 },
    { fromMs: 5, toMs: 20 },
    { fromMs: 10, toMs: 15 },
    { fromMs: 16, toMs: 18 },
    { fromMs: 17, toMs: 19 },
  ];
  expect(bandRows(bands)).toEqual([0, 1, 0, 0, 2]);
});

test('faults that overlap or touch are one shade', () => {
  const spans = [
    [30, 40],
    [0, 10],
    [5, 8],
    [10, 20],
  ].map(([fromMs = 0, toMs = 0]) => ({ fromMs, toMs }));
  expect(covered(spans)).toEqual([
    { fromMs: 0, toMs: 20 },
    { fromMs: 30, toMs: 40 },
  ]);
});

test('bands are told with the fault, its target and its times, counted from where the axis begins', () => {
  const bands = faultBands([run({}), run({ ...crash, state: 'armed', armedAt: second(30) })], {
    fromMs: 0,
    toMs: 60_000,
  });
  expect(bandsText(bands, 12_000)).toBe(
    'Faults on purpose: Latency on an edge on billing-payments-http, from −2.00 s to 8.00 s; Crash on billing, since 18.0 s, still on.',
  );
  expect(bandsText([], 0)).toBe('');
});
