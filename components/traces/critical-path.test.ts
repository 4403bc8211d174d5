import fc from 'fast-check';
import { expect, test } from 'vitest';
import { criticalPath, pathNodes, shareByService } from './critical-path.ts';
import { span } from './testing.ts';
import { buildTree } from './trace-tree.ts';

function segments(...spans: ReturnType<typeof span>[]) {
  return criticalPath(buildTree(spans)).map(({ node, fromMs, toMs, waiting }) => [
    node.id,
    fromMs,
    toMs,
    ...(waiting ? ['waiting'] : []),
  ]);
}

test('what no child explains is the own time of the span', () => {
  expect(segments(span('a', { ms: 10 }), span('b', { parent: 'a', at: 2, ms: 3 }))).toEqual([
    ['a', 0, 2],
    ['b', 2, 5],
    ['a', 5, 10],
  ]);
});

test('of children at the same time the one that ended last counts', () => {
  const path = segments(
    span('a', { ms: 10 }),
    span('short', { parent: 'a', at: 1, ms: 3 }),
    span('long', { parent: 'a', at: 1, ms: 8 }),
  );
  expect(path).toEqual([
    ['a', 0, 1],
    ['long', 1, 9],
    ['a', 9, 10],
  ]);
});

test('time in a topic is waiting, and the consumer is followed past the end of its producer', () => {
  const spans = [
    span('place', { ms: 4 }),
    span('send', { parent: 'place', kind: 'producer', at: 2, ms: 1 }),
    span('process', { parent: 'send', kind: 'consumer', at: 9, ms: 5, service: 'billing' }),
  ];
  expect(segments(...spans)).toEqual([
    ['place', 0, 2],
    ['send', 2, 3],
    ['process', 3, 9, 'waiting'],
    ['process', 9, 14],
  ]);
  expect(shareByService(criticalPath(buildTree(spans)))).toEqual([
    { service: null, ms: 6 },
    { service: 'billing', ms: 5 },
    { service: 'orders', ms: 3 },
  ]);
  expect(pathNodes(criticalPath(buildTree(spans))).map(({ id }) => id)).toEqual(['place', 'send', 'process']);
});

test('time in the outbox is waiting too', () => {
  expect(segments(span('place', { ms: 4 }), span('send', { parent: 'place', kind: 'producer', at: 6, ms: 1 }))).toEqual(
    [
      ['place', 0, 4],
      ['send', 4, 6, 'waiting'],
      ['send', 6, 7],
    ],
  );
});

test('a message waits for its own earlier attempts, not for what others do with it', () => {
  expect(
    segments(
      span('send', { kind: 'producer', ms: 1 }),
      span('first', { parent: 'send', kind: 'consumer', at: 2, ms: 3, service: 'billing', status: 'error' }),
      span('view', { parent: 'send', kind: 'consumer', at: 2, ms: 7, service: 'history' }),
      span('second', { parent: 'send', kind: 'consumer', at: 10, ms: 5, service: 'billing' }),
    ),
  ).toEqual([
    ['send', 0, 1],
    ['first', 1, 2, 'waiting'],
    ['first', 2, 5],
    ['second', 5, 10, 'waiting'],
    ['second', 10, 15],
  ]);
});

test('segments never overlap and never pass the ends of the trace, for any trace', () => {
  const spans = fc
    .array(fc.record({ parent: fc.nat(30), at: fc.nat(100), ms: fc.integer({ min: 1, max: 60 }) }), { maxLength: 30 })
    .map((all) =>
      all.map(({ parent, at, ms }, index) =>
        span(`s${index}`, { parent: index === 0 ? null : `s${parent % index}`, at, ms }),
      ),
    );
  fc.assert(
    fc.property(spans, (all) => {
      const tree = buildTree(all);
      let cursor = -Infinity;
      for (const { fromMs, toMs } of criticalPath(tree)) {
        expect(fromMs).toBeGreaterThanOrEqual(cursor - 1e-9);
        expect(toMs).toBeGreaterThan(fromMs);
        cursor = toMs;
      }
      expect(cursor).toBeLessThanOrEqual(tree.durationMs + 1e-9);
    }),
  );
});

test('a chain of 100 000 spans does not exhaust the stack', () => {
  const chain = Array.from({ length: 100_000 }, (_, index) =>
    span(`s${index}`, { parent: index === 0 ? null : `s${index - 1}`, at: index / 1000, ms: 1 }),
  );
  expect(criticalPath(buildTree(chain)).length).toBeGreaterThan(0);
});
