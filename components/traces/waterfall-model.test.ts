import fc from 'fast-check';
import { expect, test } from 'vitest';
import { span } from './testing.ts';
import { buildTree } from './trace-tree.ts';
import { ancestors, place, serviceRowId, serviceRows, ticks, treeRows, zoom } from './waterfall-model.ts';

const tree = buildTree([
  span('a', { ms: 10, service: 'gateway' }),
  span('b', { parent: 'a', at: 1, ms: 5 }),
  span('c', { parent: 'b', at: 2, ms: 1 }),
  span('d', { parent: 'a', at: 7, ms: 1 }),
]);

test('rows are depth first, each with its depth', () => {
  expect(treeRows(tree, new Set()).rows.map(({ id, depth }) => [id, depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['d', 1],
  ]);
});

test('below a collapsed span there are no rows', () => {
  const { rows, indexOf } = treeRows(tree, new Set(['b']));
  expect(rows.map(({ id, expanded }) => [id, expanded])).toEqual([
    ['a', true],
    ['b', false],
    ['d', false],
  ]);
  expect(indexOf.get('d')).toBe(2);
  expect(indexOf.has('c')).toBe(false);
});

test('by service: one row each by first appearance, its spans below when open', () => {
  expect(serviceRows(tree, new Set()).rows.map(({ id }) => id)).toEqual(['service gateway', 'service orders']);
  expect(serviceRows(tree, new Set([serviceRowId('orders')])).rows.map(({ id }) => id)).toEqual([
    'service gateway',
    'service orders',
    'b',
    'c',
    'd',
  ]);
});

test('ancestors come nearest first', () => {
  expect(ancestors(tree, 'c')).toEqual(['b', 'a']);
});

test('ticks are round and inside the window', () => {
  expect(ticks({ fromMs: 0, toMs: 1432 }, 6)).toEqual([0, 500, 1000]);
  expect(ticks({ fromMs: 310, toMs: 330 }, 5)).toEqual([310, 315, 320, 325, 330]);
  expect(ticks({ fromMs: 0, toMs: 0 }, 5)).toEqual([]);
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      (fromMs, length) => {
        const found = ticks({ fromMs, toMs: fromMs + length }, 8);
        expect(found.length).toBeLessThanOrEqual(9);
      },
    ),
  );
});

test('a bar is clipped to the window, or not drawn', () => {
  const window = { fromMs: 100, toMs: 200 };
  expect(place(window, 150, 175)).toEqual({ left: 0.5, width: 0.25 });
  expect(place(window, 0, 150)).toEqual({ left: 0, width: 0.5 });
  expect(place(window, 0, 99)).toBeNull();
  expect(place(window, 201, 300)).toBeNull();
});

test('zooming keeps the time under the pointer, and stays within the trace', () => {
  expect(zoom({ fromMs: 0, toMs: 100 }, 0.5, 50, 100)).toEqual({ fromMs: 25, toMs: 75 });
  expect(zoom({ fromMs: 25, toMs: 75 }, 4, 50, 100)).toEqual({ fromMs: 0, toMs: 100 });
  expect(zoom({ fromMs: 0, toMs: 100 }, 0.5, 0, 100)).toEqual({ fromMs: 0, toMs: 50 });
});
