import { expect, test } from 'vitest';
import { growTrace } from './grow-trace.ts';
import { span } from './testing.ts';

test('a trace begins with its first spans, in order of start', () => {
  const trace = growTrace(
    null,
    [span('b', { parent: 'a', at: 5, ms: 10, service: 'billing' }), span('a', { ms: 2, service: 'gateway' })],
    1000,
  );
  expect(trace?.spans.map(({ spanId }) => spanId)).toEqual(['a', 'b']);
  expect(trace?.summary).toMatchObject({
    rootName: 'a',
    rootService: 'gateway',
    rootMissing: false,
    durationNano: 15e6,
    spanCount: 2,
    services: [
      { name: 'gateway', spans: 1 },
      { name: 'billing', spans: 1 },
    ],
    lastArrivalMs: 1000,
  });
});

test('known spans change nothing, not even the object', () => {
  const trace = growTrace(null, [span('a')], 1000);
  expect(growTrace(trace, [span('a')], 2000)).toBe(trace);
  expect(growTrace(null, [], 1)).toBeNull();
});

test('errors that a fault has caused are injected, the others are not, and the fault is named', () => {
  const touched = { 'chaos.fault.id': 'f-1', 'chaos.fault.kind': 'latency' };
  const trace = growTrace(
    null,
    [
      span('beside', { parent: 'around', at: 22, ms: 4, status: 'error' }),
      span('call', { parent: 'around', at: 5, ms: 10, status: 'error', attributes: touched }),
      span('again', { parent: 'around', at: 20, ms: 10, attributes: touched }),
      span('around', { at: 0, ms: 40, status: 'error' }),
    ],
    1000,
  );
  expect(trace?.summary).toMatchObject({ errorCount: 3, injectedCount: 2, faults: [{ id: 'f-1', kind: 'latency' }] });
});

test('it says when the root is missing, and finds the order and the errors', () => {
  const trace = growTrace(
    null,
    [span('x', { parent: 'gone', status: 'error', attributes: { 'orrery.order.id': 'o-1' } }), span('x', {})],
    1000,
  );
  expect(trace?.summary).toMatchObject({ rootMissing: true, orderId: 'o-1', errorCount: 1, spanCount: 1 });
});
