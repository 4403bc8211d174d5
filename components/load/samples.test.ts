import { expect, test } from 'vitest';
import type { LoadSample } from '#contracts/sandbox/load.ts';
import { completeSamples, latencyCaption, throughputCaption, toPoints } from './samples.ts';

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
