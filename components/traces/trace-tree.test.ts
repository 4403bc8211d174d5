import { expect, test } from 'vitest';
import { span } from './testing.ts';
import { buildTree } from './trace-tree.ts';
import { treeRows } from './waterfall-model.ts';

test('puts spans under their parents by start, whatever order they arrived in', () => {
  const tree = buildTree([
    span('c', { parent: 'a', at: 5, ms: 2 }),
    span('b', { parent: 'a', at: 1, ms: 2 }),
    span('a', { ms: 10 }),
  ]);
  expect(tree.roots.map(({ id }) => id)).toEqual(['a']);
  expect(tree.roots[0]?.children.map(({ id, startMs, endMs }) => [id, startMs, endMs])).toEqual([
    ['b', 1, 3],
    ['c', 5, 7],
  ]);
  expect(tree).toMatchObject({ durationMs: 10, spanCount: 3, waiting: 0 });
});

test('keeps nanoseconds apart that a number could not', () => {
  const tree = buildTree([span('a', { ms: 1 }), span('b', { parent: 'a', at: 0.000_001, ms: 0.5 })]);
  expect(tree.byId.get('b')?.startMs).toBe(0.000_001);
});

test('puts a placeholder where a parent is missing, and counts who waits for it', () => {
  const tree = buildTree([
    span('root', { ms: 20 }),
    span('x', { parent: 'gone', at: 4, ms: 2 }),
    span('y', { parent: 'gone', at: 8, ms: 3 }),
  ]);
  const missing = tree.byId.get('gone');
  expect(tree.roots.map(({ id }) => id)).toEqual(['root', 'gone']);
  expect(missing).toMatchObject({ span: null, startMs: 4, endMs: 11, descendants: 2 });
  expect(tree).toMatchObject({ waiting: 2, spanCount: 3 });
});

test('the placeholder goes when the parent arrives', () => {
  const spans = [span('x', { parent: 'late', at: 4 })];
  expect(buildTree(spans).waiting).toBe(1);
  const tree = buildTree([...spans, span('late', { at: 1, ms: 9 })]);
  expect(tree.waiting).toBe(0);
  expect(tree.byId.get('late')?.span).not.toBeNull();
});

test('knows a message by its consumer, and counts a subtree to its last end', () => {
  const tree = buildTree([
    span('send', { kind: 'producer', at: 0, ms: 1 }),
    span('process', { kind: 'consumer', parent: 'send', at: 5, ms: 4, status: 'error' }),
  ]);
  expect(tree.byId.get('process')?.async).toBe(true);
  expect(tree.byId.get('send')).toMatchObject({ endMs: 1, subtreeEndMs: 9, errorsBelow: 1, descendants: 1 });
  expect(tree).toMatchObject({ durationMs: 9, errorCount: 1 });
});

test('a span that arrives twice is there once', () => {
  expect(buildTree([span('a'), span('a', { ms: 3 })])).toMatchObject({ spanCount: 1, durationMs: 3 });
});

test('cuts a circle of parents and loses no span', () => {
  const tree = buildTree([
    span('a', { parent: 'b' }),
    span('b', { parent: 'a', at: 1 }),
    span('self', { parent: 'self' }),
  ]);
  const ids = treeRows(tree, new Set()).rows.map(({ id }) => id);
  expect([...ids].sort()).toEqual(['a', 'b', 'self']);
});

test('a trace without spans is an empty tree', () => {
  expect(buildTree([])).toMatchObject({ roots: [], durationMs: 0, spanCount: 0, waiting: 0 });
});

test.each([
  ['a chain', (index: number) => (index === 0 ? null : `s${index - 1}`)],
  ['a fan', (index: number) => (index === 0 ? null : 's0')],
  ['orphans of one parent', () => 'never'],
])('100 000 spans as %s: every parent is read a fixed number of times and nothing recurses', (_, parentOf) => {
  let reads = 0;
  const spans = Array.from({ length: 100_000 }, (_unused, index) => {
    const one = span(`s${index}`, { at: index / 1000, ms: 1 });
    return Object.defineProperty(one, 'parentSpanId', {
      get: () => {
        reads++;
        return parentOf(index);
      },
    });
  });
  const tree = buildTree(spans);
  const { rows } = treeRows(tree, new Set());
  expect(tree.spanCount).toBe(100_000);
  expect(rows.filter(({ kind }) => kind === 'span').length).toBeGreaterThanOrEqual(100_000);
  expect(reads).toBeLessThanOrEqual(200_000);
});
