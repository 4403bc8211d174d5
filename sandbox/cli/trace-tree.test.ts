import { expect, test } from 'vitest';
import type { Span } from '#contracts/telemetry/query.ts';
import { orderSpans } from './trace-tree.ts';

function span(spanId: string, parentSpanId: string | null, start: number): Span {
  return { spanId, parentSpanId, startUnixNano: String(1_000 + start) } as Span;
}

test('children come under their parent, siblings by start, orphans as roots', () => {
  const spans = [
    span('c', 'a', 30),
    span('a', null, 0),
    span('lost', 'missing', 50),
    span('b', 'a', 10),
    span('d', 'b', 20),
  ];
  expect(orderSpans(spans).map(({ span, depth }) => `${depth}${span.spanId}`)).toEqual([
    '0a',
    '1b',
    '2d',
    '1c',
    '0lost',
  ]);
});
