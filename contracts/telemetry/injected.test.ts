import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributes as names } from './attributes.ts';
import { countInjected, createInjectedErrors, type Known } from './injected.ts';
import type { Span } from './query.ts';

type Given = {
  id: string;
  parent?: string;
  kind?: Span['kind'];
  from: number;
  to: number;
  failed?: boolean;
  touched?: boolean;
};

/** Ids of the failures that are injected, sorted; each as often as it was found. */
function injectedAmong(given: readonly Given[]): string[] {
  const found: string[] = [];
  const errors = createInjectedErrors<string>(new Map<string, Known<string>>(), (id) => found.push(id));
  for (const { id, parent, from, to, failed, touched } of given)
    errors.take(
      {
        spanId: id,
        parentSpanId: parent ?? null,
        startNano: BigInt(from),
        endNano: BigInt(to),
        touched: touched === true,
      },
      failed === true ? id : null,
    );
  return found.toSorted();
}

test('a failure is injected where a fault touched it, and where it is handed up; not beside, not below', () => {
  const trace: Given[] = [
    { id: 'request', from: 0, to: 100, failed: true },
    { id: 'handler', parent: 'request', from: 5, to: 95 },
    { id: 'call', parent: 'handler', from: 10, to: 90, failed: true, touched: true },
    { id: 'server', parent: 'call', from: 20, to: 80, failed: true },
    { id: 'other', parent: 'handler', from: 6, to: 8, failed: true },
  ];
  expect(injectedAmong(trace)).toEqual(['call', 'request']);
  expect(injectedAmong(trace.toReversed())).toEqual(['call', 'request']);
});

test('latency between gateway and orders does not explain a slow card that billing meets later in the same trace', () => {
  const accepted: Given[] = [
    { id: 'POST /orders', kind: 'server', from: 0, to: 460 },
    { id: 'gateway → orders', parent: 'POST /orders', kind: 'client', from: 10, to: 450, touched: true },
    { id: 'place order', parent: 'gateway → orders', kind: 'server', from: 410, to: 440 },
    { id: 'send payment.requested', parent: 'place order', kind: 'producer', from: 441, to: 446 },
    { id: 'take payment', parent: 'send payment.requested', kind: 'consumer', from: 447, to: 2_500, failed: true },
    { id: 'billing → payments', parent: 'take payment', kind: 'client', from: 450, to: 2_450, failed: true },
  ];
  expect(injectedAmong(accepted)).toEqual([]);
  expect(injectedAmong(accepted.toReversed())).toEqual([]);
});

test('who sent a message has no part in what becomes of it; who asked and waited for the answer has', () => {
  const sent: Given[] = [
    { id: 'request', from: 0, to: 55, failed: true },
    { id: 'store', parent: 'request', from: 0, to: 20, failed: true },
    { id: 'send', parent: 'store', kind: 'producer', from: 30, to: 40, failed: true },
    { id: 'handle', parent: 'send', kind: 'consumer', from: 50, to: 60, failed: true, touched: true },
    { id: 'sibling', parent: 'send', kind: 'consumer', from: 50, to: 60, failed: true },
  ];
  expect(injectedAmong(sent)).toEqual(['handle']);
  const asked: Given[] = [
    { id: 'ask', kind: 'producer', from: 0, to: 80, failed: true },
    { id: 'answer', parent: 'ask', kind: 'consumer', from: 50, to: 60, failed: true, touched: true },
  ];
  expect(injectedAmong(asked)).toEqual(['answer', 'ask']);
});

test('a retry that went well does not take the touch of the first attempt from what fails above it', () => {
  const retried: Given[] = [
    { id: 'work', from: 0, to: 100, failed: true },
    { id: 'first', parent: 'work', from: 0, to: 10, failed: true, touched: true },
    { id: 'second', parent: 'work', from: 20, to: 30 },
  ];
  expect(injectedAmong(retried)).toEqual(['first', 'work']);
});

test('spans that name each other as parents end nothing', () => {
  const circle: Given[] = [
    { id: 'a', parent: 'b', from: 0, to: 9, failed: true },
    { id: 'b', parent: 'a', from: 0, to: 9, failed: true, touched: true },
    { id: 'c', parent: 'c', from: 0, to: 9, failed: true, touched: true },
  ];
  expect(injectedAmong(circle)).toEqual(['a', 'b', 'c']);
});

/** The rule as it is told: up from each touched span, as long as what is above it waits. */
function byDefinition(trace: readonly Given[]): string[] {
  const above = ({ parent }: Given) => trace.find(({ id }) => id === parent);
  const injected = new Set<string>();
  for (const touched of trace.filter((one) => one.touched === true)) {
    for (let one: Given | undefined = touched; one !== undefined && one.to >= touched.from; one = above(one)) {
      if (one.failed === true) injected.add(one.id);
    }
  }
  return [...injected].toSorted();
}

const traces = fc
  .array(
    fc.record({
      parent: fc.nat(),
      after: fc.integer({ min: 0, max: 6 }),
      took: fc.integer({ min: 0, max: 12 }),
      failed: fc.boolean(),
      touched: fc.boolean(),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((drawn) => {
    const trace: (Given & { id: string })[] = [];
    for (const [index, { parent, after, took, failed, touched }] of drawn.entries()) {
      const above = index === 0 ? undefined : trace[parent % index];
      const from = (above?.from ?? 0) + after;
      trace.push({ id: `${index}`, ...(above && { parent: above.id }), from, to: from + took, failed, touched });
    }
    return trace;
  });

test('whatever the order of arrival, each is found once', () => {
  fc.assert(
    fc.property(
      traces.chain((trace) =>
        fc.tuple(fc.constant(trace), fc.shuffledSubarray(trace, { minLength: trace.length, maxLength: trace.length })),
      ),
      ([trace, arrived]) => {
        expect(injectedAmong(arrived)).toEqual(byDefinition(trace));
      },
    ),
    { numRuns: 1000 },
  );
});

test('a whole trace is counted from its spans as they are told', () => {
  const span = (spanId: string, parentSpanId: string | null, options: Partial<Span>): Span => ({
    traceId: 'a'.repeat(32),
    spanId,
    parentSpanId,
    name: spanId,
    kind: 'client',
    service: 'orders',
    startUnixNano: '1795348402885000001',
    durationNano: 1e6,
    status: 'error',
    statusMessage: null,
    scope: '',
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...options,
  });
  const touched = { [names.chaosFaultKind]: 'latency' };
  const trace = [span('a', null, {}), span('b', 'a', { status: 'unset', attributes: touched }), span('c', 'b', {})];
  expect(countInjected(trace)).toBe(1);
  expect(countInjected(trace.filter(({ spanId }) => spanId !== 'b'))).toBe(0);
});
