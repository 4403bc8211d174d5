import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { SpanRecord } from '../records.ts';
import { newSpanId } from '../testing.ts';
import { mergePart, partOf, type TracePart, toSummary } from './trace-part.ts';

type Given = { startMs: number; tookMs: number; failed: boolean; touched: boolean };

function span({ startMs, tookMs, failed, touched }: Given): SpanRecord {
  return {
    traceId: 'a'.repeat(32),
    spanId: newSpanId(),
    parentSpanId: null,
    name: 'x',
    kind: 'client',
    service: 'orders',
    startNano: BigInt(startMs) * 1_000_000n,
    durationNano: tookMs * 1e6,
    status: failed ? 'error' : 'unset',
    statusMessage: null,
    scope: '',
    attributes: touched ? { [names.chaosFaultId]: 'f', [names.chaosFaultKind]: 'crash' } : {},
    resource: {},
    events: [],
    links: [],
  };
}

const spans = fc.array(
  fc.record({
    startMs: fc.integer({ min: 0, max: 50 }),
    tookMs: fc.integer({ min: 0, max: 20 }),
    failed: fc.boolean(),
    touched: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

test('parts in any order and grouping count the same injected errors: those from the first touched span on', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 5 }), (given, groups) => {
      const touched = given.filter((one) => one.touched).map(({ startMs }) => startMs);
      const first = touched.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...touched);
      const parts: TracePart[] = [];
      for (const [index, one] of given.entries()) {
        const part = partOf(span(one), 0);
        const known = parts[index % groups];
        if (known === undefined) parts.push(part);
        else mergePart(known, part);
      }
      const summary = toSummary(parts.reduceRight((into, from) => mergePart(into, from)));
      expect(summary).toMatchObject({
        errorCount: given.filter(({ failed }) => failed).length,
        injectedCount: given.filter(({ failed, startMs, tookMs }) => failed && startMs + tookMs >= first).length,
        faults: touched.length === 0 ? [] : [{ id: 'f', kind: 'crash' }],
      });
    }),
  );
});
