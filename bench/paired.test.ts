import { expect, test } from 'vitest';
import { pairs, ratios } from './paired.ts';

test('pairs are taken in turns, and what belongs together is compared', async () => {
  const order: string[] = [];
  let at = 0;
  const found = await pairs(3, {
    with: async () => {
      order.push('with');
      at += 1;
      return at * 2;
    },
    without: async () => {
      order.push('without');
      at += 1;
      return at;
    },
  });
  expect(order).toEqual(['with', 'without', 'without', 'with', 'with', 'without']);
  expect(found).toEqual([
    { with: 2, without: 2 },
    { with: 8, without: 3 },
    { with: 10, without: 6 },
  ]);
  expect(ratios(found)).toEqual({ median: 10 / 6, from: 1, to: 8 / 3 });
});
