import { expect, test } from 'vitest';
import { searchRate } from './search-rate.ts';

const range = { start: 80, least: 5, most: 640 };

test.each([
  [83, 75, 83],
  [31, 27, 31],
  [300, 270, 300],
  [9_999, 640, 640],
])('finds a limit of %i per second to within a tenth', async (limit, from, to) => {
  const tried: number[] = [];
  const found = await searchRate(async (rate) => {
    tried.push(rate);
    return rate <= limit;
  }, range);
  expect(found).toBeGreaterThanOrEqual(from);
  expect(found).toBeLessThanOrEqual(to);
  expect(tried.length).toBeLessThanOrEqual(8);
});

test('a fleet that never holds has no rate', async () => {
  expect(await searchRate(async () => false, range)).toBeNull();
});
