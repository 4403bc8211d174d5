import { expect, test } from 'vitest';
import { createSeries } from './series.ts';

test('a sample per two seconds, with those in which nothing happened', () => {
  const series = createSeries();
  series.count('due', 10);
  series.count('due', 4_500);
  expect(series.samples().map(({ fromSeconds, due }) => [fromSeconds, due])).toEqual([
    [0, 1],
    [2, 0],
    [4, 1],
  ]);
});

test('what is learnt late counts for when it happened', () => {
  const series = createSeries();
  series.count('due', 6_100);
  series.count('ended', 2_900);
  expect(series.samples().map(({ fromSeconds, ended }) => [fromSeconds, ended])).toEqual([
    [0, 0],
    [2, 1],
    [4, 0],
    [6, 0],
  ]);
});

test('too many samples merge in pairs: nothing is lost and the worst percentile stays', () => {
  const series = createSeries(4);
  for (let n = 0; n < 9; n += 1) {
    series.count('ok', n * 2_000);
    series.accepted(n === 2 ? 900 : 10);
  }
  const samples = series.samples();
  expect(samples.length).toBeLessThanOrEqual(4);
  expect(samples.reduce((sum, sample) => sum + sample.ok, 0)).toBe(9);
  expect(Math.max(...samples.map((sample) => sample.acceptedP95Ms ?? 0))).toBeCloseTo(900, -1);
  for (const [index, { fromSeconds, seconds }] of samples.entries()) {
    const next = samples[index + 1];
    if (next !== undefined) expect(fromSeconds + seconds).toBe(next.fromSeconds);
  }
});
