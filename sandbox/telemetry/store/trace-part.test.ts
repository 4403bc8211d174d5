import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { SpanRecord } from '../records.ts';
import { newSpanId } from '../testing.ts';
import { mergePart, partsOf, toSummary } from './trace-part.ts';

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

test('batches of a trace in any order add up to the same summary, with what turned out to be injected later', () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 5 }), (given, size) => {
      const pending = given.map((one, seq) => ({ span: span(one), seq, arrivedMs: 0 }));
      const failed = pending.filter(({ span: { status } }) => status === 'error');
      const batches = Array.from({ length: Math.ceil(pending.length / size) }, (_, index) =>
        pending.slice(index * size, (index + 1) * size),
      );
      // Those of all batches are known with the last.
      const parts = batches.flatMap((batch, index) => partsOf(batch, index === batches.length - 1 ? failed : []));
      const merged = parts.map(({ part }) => part).reduceRight((into, from) => mergePart(into, from));
      expect(toSummary(merged)).toMatchObject({
        spanCount: given.length,
        startUnixNano: String(Math.min(...given.map(({ startMs }) => startMs)) * 1e6),
        errorCount: failed.length,
        injectedCount: failed.length,
        faults: given.some(({ touched }) => touched) ? [{ id: 'f', kind: 'crash' }] : [],
      });
    }),
  );
});
