import { expect, test } from 'vitest';
import { span } from './testing.ts';
import { buildTree } from './trace-tree.ts';
import { pressKey, type WaterfallState } from './waterfall-keys.ts';
import { serviceRows, treeRows } from './waterfall-model.ts';

const tree = buildTree([
  span('a', { ms: 10 }),
  span('b', { parent: 'a', at: 1, ms: 5 }),
  span('c', { parent: 'b', at: 2, ms: 1 }),
  span('d', { parent: 'a', at: 7, ms: 1 }),
]);
const start: WaterfallState = { selected: null, toggled: new Set(), open: false };

function press(state: WaterfallState, ...keys: string[]): WaterfallState {
  return keys.reduce((now, key) => pressKey(now, treeRows(tree, now.toggled), key), state);
}

test.each([
  [['ArrowDown'], 'a'],
  [['j', 'j'], 'b'],
  [['k'], 'd'],
  [['End', 'j', 'j'], 'd'],
  [['End', 'Home', 'k'], 'a'],
  [['PageDown', 'PageUp'], 'a'],
])('%j selects %s', (keys, selected) => {
  expect(press(start, ...keys).selected).toBe(selected);
});

test('left closes a branch, then goes to the parent; right opens it, then goes to the first child', () => {
  const closed = press({ ...start, selected: 'b' }, 'ArrowLeft');
  expect([...closed.toggled]).toEqual(['b']);
  expect(press(closed, 'j').selected).toBe('d');
  expect(press(closed, 'ArrowLeft').selected).toBe('a');
  const opened = press(closed, 'ArrowRight');
  expect(opened.toggled.size).toBe(0);
  expect(press(opened, 'ArrowRight').selected).toBe('c');
  expect(press(opened, 'ArrowRight', 'ArrowRight')).toMatchObject({ selected: 'c' });
});

test('Enter opens the detail, Escape closes it, moving keeps it', () => {
  const open = press(start, 'j', 'Enter');
  expect(open).toMatchObject({ selected: 'a', open: true });
  expect(press(open, 'j')).toMatchObject({ selected: 'b', open: true });
  expect(press(open, 'Escape').open).toBe(false);
  expect(press(start, 'Enter').open).toBe(false);
});

test('* closes every branch, and again opens them', () => {
  const closed = press(start, '*');
  expect(treeRows(tree, closed.toggled).rows.map(({ id }) => id)).toEqual(['a']);
  expect(treeRows(tree, press(closed, '*').toggled).rows).toHaveLength(4);
});

test('Enter on a service opens it', () => {
  const state = { ...start, selected: 'service orders' };
  expect([...pressKey(state, serviceRows(tree, state.toggled), 'Enter').toggled]).toEqual(['service orders']);
});

test('a selection that is not among the rows, and unknown keys, do no harm', () => {
  expect(press({ ...start, selected: 'gone' }, 'j').selected).toBe('a');
  expect(pressKey(start, treeRows(tree, new Set()), 'x')).toBe(start);
  expect(pressKey(start, treeRows(buildTree([]), new Set()), 'j')).toBe(start);
});
