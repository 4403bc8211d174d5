import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKnownPairs } from './known-pairs.ts';
import { decodeTraces } from './protobuf.ts';
import { isMalformed } from './wire-reader.ts';

test('a pair is known from the second time on, by all of its bytes', () => {
  const known = createKnownPairs();
  // The middle is not part of the hash: both have one slot.
  const bytes = Buffer.from('..key=a value of some length..key=a vAlue of some length');
  const [first, second] = [
    [2, 28],
    [30, 56],
  ] as const;
  for (let time = 0; time < 2; time++) {
    expect(known.find(bytes, ...first)).toBeNull();
    known.keep(bytes, ...first, 'key', 'a value');
  }
  expect(known.find(bytes, ...first)).toEqual({ key: 'key', value: 'a value' });
  expect(known.find(bytes, ...second)).toBeNull();
  known.keep(bytes, ...second, 'key', 'a vAlue');
  expect(known.find(bytes, ...second)).toEqual({ key: 'key', value: 'a vAlue' });
  expect(known.find(bytes, ...first)).toBeNull();
});

test('arrays are read anew each time', () => {
  const known = createKnownPairs();
  const bytes = Buffer.from('key=[1]');
  for (let time = 0; time < 3; time++) {
    expect(known.find(bytes, 0, 7)).toBeNull();
    known.keep(bytes, 0, 7, 'key', [1]);
  }
});

function payloadOf(attributes: Record<string, string | number | boolean | string[]>[]): Buffer {
  const tracer = new BasicTracerProvider().getTracer('test');
  const spans = attributes.map((some) => {
    const span = tracer.startSpan('span', { attributes: some });
    span.end();
    return span as unknown as ReadableSpan;
  });
  return Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []);
}

const value = fc.oneof(
  fc.constantFrom('a', 'b', 'value of some length, a', 'value of some length, b', 'vAlue of some length, b', '🚚'),
  fc.integer({ min: -3, max: 300 }),
  fc.boolean(),
  fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
);
const attributes = fc.dictionary(fc.constantFrom('a', 'b', 'key of some length', 'kEy of some length', 'q"'), value);

test('what earlier requests held does not change what is read', () => {
  const known = createKnownPairs();
  fc.assert(
    fc.property(fc.array(attributes, { minLength: 1, maxLength: 5 }), (some) => {
      const payload = payloadOf(some);
      for (let time = 0; time < 3; time++) expect(decodeTraces(payload, known)).toEqual(decodeTraces(payload));
    }),
  );
});

test('a known pair that its message cuts off is malformed', () => {
  const known = createKnownPairs();
  // Request, resource group, resource: one attribute, { key: 'a', value: 5 }. Its last two bytes are a field of their own.
  const pair = [0x0a, 1, 0x61, 0x12, 2, 0x18, 5];
  const attribute = [0x0a, pair.length, ...pair];
  const request = (resourceLength: number): Buffer =>
    Buffer.from([0x0a, 2 + attribute.length, 0x0a, resourceLength, ...attribute]);
  for (let time = 0; time < 2; time++) expect(decodeTraces(request(9), known).records).toEqual([]);
  expect(known.find(Buffer.from(pair), 0, pair.length)).toEqual({ key: 'a', value: 5 });
  let thrown: unknown = null;
  try {
    decodeTraces(request(7), known);
  } catch (error) {
    thrown = error;
  }
  expect(isMalformed(thrown)).toBe(true);
});
