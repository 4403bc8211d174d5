import { expect, test } from 'vitest';
import { createEndFinder, successor } from './ends.ts';

const id = (serial: number) => `01900000-0000-7000-8000-${String(serial).padStart(12, '0')}`;

/** A read model in which the orders below `count` are known, every one ended but those of `open`. */
function pages(count: number, open: number[] = []) {
  const asked: { before: string; limit: number }[] = [];
  return {
    asked,
    page: async (before: string, limit: number) => {
      asked.push({ before, limit });
      const all = Array.from({ length: count }, (_, serial) => serial).reverse();
      const found = all.filter((serial) => id(serial) < before).slice(0, limit);
      const orders = found.map((serial) =>
        open.includes(serial)
          ? { id: id(serial), status: 'paid' as const, finishedAt: null }
          : { id: id(serial), status: 'confirmed' as const, finishedAt: '2026-01-01T00:00:00.000Z' },
      );
      return { orders, hasMore: false };
    },
  };
}

test('one page tells of orders that were placed together', async () => {
  const { page, asked } = pages(20, [3]);
  const ended = await createEndFinder(page)(Array.from({ length: 20 }, (_, serial) => id(serial)));
  expect(asked).toHaveLength(1);
  expect(ended).toHaveLength(19);
});

test('an old order that never ends costs one page a round, not all pages between', async () => {
  const { page, asked } = pages(10_000, [5]);
  const find = createEndFinder(page);
  const ended = await find([id(5), id(9_998), id(9_999)]);
  expect(asked).toHaveLength(2);
  expect(ended.map((one) => one.id)).toEqual(expect.arrayContaining([id(9_998), id(9_999)]));
});

test('more than a call may ask for is found by the calls after it', async () => {
  const { page } = pages(5_000);
  const find = createEndFinder(page, 2);
  const open = new Set(Array.from({ length: 5_000 }, (_, serial) => id(serial)));
  let calls = 0;
  for (; open.size > 0 && calls < 20; calls += 1) for (const ended of await find(open)) open.delete(ended.id);
  expect(open.size).toBe(0);
  expect(calls).toBe(5);
});

test('an order that the read model does not know yet stops nothing', async () => {
  const { page } = pages(2);
  const find = createEndFinder(page);
  expect((await find([id(0), id(7)])).map((one) => one.id)).toContain(id(0));
});

test('the successor carries over', () => {
  expect(successor('01900000-0000-7000-8000-00000000ffff')).toBe('01900000-0000-7000-8000-000000010000');
});
