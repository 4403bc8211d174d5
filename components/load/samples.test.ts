import { expect, test } from 'vitest';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { LoadSample } from '#contracts/sandbox/load.ts';
import { completeSamples, latencyCaption, loadBands, throughputCaption, toPoints } from './samples.ts';

const sample = (fromSeconds: number, change: Partial<LoadSample> = {}): LoadSample => ({
  fromSeconds,
  seconds: 2,
  due: 20,
  ok: 18,
  fail: 1,
  info: 1,
  ended: 16,
  acceptedP95Ms: 12,
  sagaP95Ms: null,
  ...change,
});

test('counts become rates, whatever the length of the sample', () => {
  expect(toPoints([sample(4)])).toEqual([
    { seconds: 4, due: 10, accepted: 9, ended: 8, failed: 1, acceptedP95: 12, sagaP95: null },
  ]);
});

test('the sample that has not ended is not drawn while the run goes on', () => {
  const samples = [sample(0), sample(2)];
  expect(completeSamples({ samples, phase: 'placing' })).toHaveLength(1);
  expect(completeSamples({ samples, phase: 'finished' })).toHaveLength(2);
});

test('captions say the figures', () => {
  const points = toPoints([sample(0, { ended: 40 }), sample(2, { sagaP95Ms: 250 })]);
  expect(throughputCaption(points)).toBe(
    'At 2 s: 10.0 due, 9.0 accepted, 8.0 ended per second; at most 20.0 ended per second.',
  );
  expect(latencyCaption(points)).toBe('Worst p95 of a span: accepted after 12.0 ms, saga ended after 250 ms.');
  expect([throughputCaption([]), latencyCaption([])]).toEqual(['Nothing measured yet.', 'Nothing measured yet.']);
});

test('a fault during the run is a band in seconds after its start', () => {
  const startedAt = '2026-11-24T10:00:00.000Z';
  const fault = {
    id: 'f',
    title: 'Crash',
    target: 'billing',
    touches: ['billing'],
    state: 'reverted',
    armedAt: '2026-11-24T10:00:03.000Z',
    endedAt: '2026-11-24T10:00:05.500Z',
  } as FaultRun;
  const points = toPoints([sample(0), sample(2), sample(4), sample(6)]);
  expect(loadBands([fault], { startedAt }, points)).toEqual([
    { id: 'f', from: 3, to: 5.5, text: 'Crash on billing, from 3.00 s to 5.50 s' },
  ]);
  expect(loadBands([fault], { startedAt }, points.slice(0, 2))).toEqual([]);
  expect(loadBands([fault], { startedAt }, [])).toEqual([]);
});
