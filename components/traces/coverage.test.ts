import { expect, test } from 'vitest';
import { coverage } from './coverage.ts';
import { span } from './testing.ts';
import { buildTree } from './trace-tree.ts';

const nodesOf = (...spans: ReturnType<typeof span>[]) => [...buildTree(spans).roots];

test('overlapping spans are one stretch, spans apart are two', () => {
  const nodes = nodesOf(
    span('a', { ms: 10 }),
    span('b', { at: 5, ms: 15 }),
    span('c', { at: 60, ms: 20, status: 'error' }),
  );
  const found = coverage(nodes, { fromMs: 0, toMs: 100 });
  expect(found.map((one) => ({ ...one, width: Number(one.width.toFixed(6)) }))).toEqual([
    { left: 0, width: 0.2, failed: false },
    { left: 0.6, width: 0.2, failed: true },
  ]);
});

test('there are never more stretches than pixels', () => {
  const nodes = nodesOf(...Array.from({ length: 5000 }, (_, index) => span(`s${index}`, { at: index * 2, ms: 0.1 })));
  expect(coverage(nodes, { fromMs: 0, toMs: 10_000 }, 100).length).toBeLessThanOrEqual(100);
});
