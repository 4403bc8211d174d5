import { expect, test } from 'vitest';
import { createSeries } from './series.ts';

test('a sample per second, with the seconds in which nothing happened', () => {
  const series = createSeries();
  series.count('due', 10);
  series.count('due', 2_500);
  expect(series.samples().map(({ fromSeconds, due }) => [fromSeconds, due])).toEqual([
    [0, 1],
    [1, 0],
    [2, 1],
  ]);
});

test('too many samples merge in pairs: nothing is lost and the worst percentile stays', () => {
  const series = createSeries(4);
  for (let second = 0; second < 9; second += 1) {
    series.count('ok', second * 1_000);
    series.accepted(second === 2 ? 900 : 10);
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
