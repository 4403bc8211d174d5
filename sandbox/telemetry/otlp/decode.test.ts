import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeLogsJson, decodeTracesJson } from './json.ts';
import { decodeLogs, decodeTraces } from './protobuf.ts';
import { isMalformed } from './wire-reader.ts';

function realSpans(): ReadableSpan[] {
  const provider = new BasicTracerProvider({ resource: resourceFromAttributes({ 'service.name': 'orders', pid: 7 }) });
  const tracer = provider.getTracer('scope', '1.0');
  const spans = ['a', 'b', 'Grüße 🚚'].map((name) => {
    const span = tracer.startSpan(name, {
      attributes: { text: name, n: -5, big: 2 ** 52, f: 1.5, list: [1, 2], no: false },
    });
    span.addEvent('event', { k: 'v' });
    span.setStatus({ code: 2, message: 'why' });
    span.end();
    return span as unknown as ReadableSpan;
  });
  return spans;
}
const realPayload = (): Buffer => Buffer.from(ProtobufTraceSerializer.serializeRequest(realSpans()) ?? []);

test('protobuf and JSON of the same spans decode to the same records', () => {
  const spans = realSpans();
  const fromProtobuf = decodeTraces(Buffer.from(ProtobufTraceSerializer.serializeRequest(spans) ?? []));
  const fromJson = decodeTracesJson(Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []).toString());
  expect(fromProtobuf.records).toHaveLength(3);
  expect(fromProtobuf).toEqual(fromJson);
  expect(fromProtobuf.records[2]).toMatchObject({
    name: 'Grüße 🚚',
    service: 'orders',
    scope: 'scope',
    status: 'error',
    statusMessage: 'why',
    attributes: { text: 'Grüße 🚚', n: -5, big: 2 ** 52, f: 1.5, list: [1, 2], no: false },
  });
});

// The example of opentelemetry-proto's examples/trace.json and logs.json, shortened.
test('decodes the examples of the specification', () => {
  const traces = decodeTracesJson(
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
          scopeSpans: [
            {
              scope: { name: 'my.library', version: '1.0.0', attributes: [] },
              spans: [
                {
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: 'EEE19B7EC3C1B174',
                  parentSpanId: 'EEE19B7EC3C1B173',
                  name: "I'm a server span",
                  startTimeUnixNano: '1544712660000000000',
                  endTimeUnixNano: '1544712661000000000',
                  kind: 2,
                  attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
                  somethingNewer: { nested: true },
                },
              ],
            },
          ],
        },
      ],
    }),
  );
  expect(traces.records[0]).toMatchObject({
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    parentSpanId: 'eee19b7ec3c1b173',
    kind: 'server',
    service: 'my.service',
    startNano: 1_544_712_660_000_000_000n,
    durationNano: 1e9,
  });
  const logs = decodeLogsJson(
    JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: '1544712660300000000',
                  observedTimeUnixNano: '1544712660300000000',
                  severityNumber: 10,
                  severityText: 'Information',
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: 'EEE19B7EC3C1B174',
                  body: { stringValue: 'Example log record' },
                  attributes: [
                    { key: 'string.attribute', value: { stringValue: 'some string' } },
                    { key: 'boolean.attribute', value: { boolValue: true } },
                    { key: 'int.attribute', value: { intValue: '10' } },
                    { key: 'double.attribute', value: { doubleValue: 637.704 } },
                    {
                      key: 'array.attribute',
                      value: { arrayValue: { values: [{ stringValue: 'many' }, { stringValue: 'values' }] } },
                    },
                    {
                      key: 'map.attribute',
                      value: {
                        kvlistValue: { values: [{ key: 'some.map.key', value: { stringValue: 'some value' } }] },
                      },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    }),
    1n,
  );
  expect(logs.records[0]).toMatchObject({
    severity: 'info',
    body: 'Example log record',
    attributes: {
      'string.attribute': 'some string',
      'boolean.attribute': true,
      'int.attribute': 10,
      'double.attribute': 637.704,
      'array.attribute': ['many', 'values'],
      'map.attribute': '{"some.map.key":"some value"}',
    },
  });
});

test('renames old semantic conventions, by the side of the span', () => {
  const span = (kind: number) =>
    decodeTracesJson(
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: 'a'.repeat(32),
                    spanId: 'b'.repeat(16),
                    kind,
                    startTimeUnixNano: 1,
                    attributes: Object.entries({
                      'http.method': 'GET',
                      'http.status_code': 200,
                      'http.target': '/orders?limit=1',
                      'net.peer.name': 'other',
                      'db.system': 'postgresql',
                      'db.system.name': 'kept',
                    }).map(([key, v]) => ({
                      key,
                      value: typeof v === 'number' ? { intValue: v } : { stringValue: v },
                    })),
                  },
                ],
              },
            ],
          },
        ],
      }),
    ).records[0]?.attributes;
  const shared = {
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.path': '/orders',
    'db.system.name': 'kept',
  };
  expect(span(3)).toEqual({ ...shared, 'server.address': 'other' });
  expect(span(2)).toEqual({ ...shared, 'client.address': 'other' });
});

test('refuses single spans without valid ids and keeps the others', () => {
  const spans = [
    { traceId: '0'.repeat(32), spanId: 'b'.repeat(16) },
    { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
  ];
  const decoded = decodeTracesJson(
    JSON.stringify({
      resourceSpans: [{ scopeSpans: [{ spans: spans.map((s) => ({ ...s, startTimeUnixNano: 5 })) }] }],
    }),
  );
  expect(decoded.records).toHaveLength(1);
  expect(decoded).toMatchObject({ rejected: 1, reason: expect.stringContaining('trace id') });
});

test('an empty request is a valid one', () => {
  expect(decodeTraces(Buffer.alloc(0)).records).toEqual([]);
  expect(decodeTracesJson('{}').records).toEqual([]);
});

function decodesOrIsMalformed(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!isMalformed(error)) throw error;
  }
}

test('random bytes either decode or are malformed, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      decodesOrIsMalformed(() => decodeTraces(Buffer.from(bytes)));
      decodesOrIsMalformed(() => decodeLogs(Buffer.from(bytes), 1n));
    }),
    { numRuns: 2000 },
  );
});

test('real payloads with bytes changed, cut or repeated either decode or are malformed', () => {
  const real = realPayload();
  const mutation = fc.record({
    at: fc.nat(real.length - 1),
    byte: fc.nat(255),
    cut: fc.nat(20),
    insert: fc.uint8Array({ maxLength: 8 }),
  });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      let bytes = Buffer.from(real);
      for (const { at, byte, cut, insert } of mutations) {
        const place = at % Math.max(1, bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), insert, bytes.subarray(place + 1 + cut)]);
      }
      decodesOrIsMalformed(() => decodeTraces(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('JSON of any shape either decodes or is malformed', () => {
  const names = [
    'resourceSpans',
    'scopeSpans',
    'spans',
    'resource',
    'attributes',
    'key',
    'value',
    'kvlistValue',
    'values',
    'kind',
  ];
  const anything = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, 1, -1, 1.5, 'x', 'a'.repeat(32), true, '99999999999999999999'),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('node'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).node;
  fc.assert(
    fc.property(anything, (json) => {
      decodesOrIsMalformed(() =>
        decodeTracesJson(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [json] }, json] }, json] })),
      );
      decodesOrIsMalformed(() =>
        decodeLogsJson(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [json] }] }] }), 1n),
      );
    }),
    { numRuns: 1000 },
  );
});

test('values nested too deep are malformed instead of exhausting the stack', () => {
  let value: unknown = { stringValue: 'x' };
  for (let depth = 0; depth < 1000; depth++) value = { arrayValue: { values: [value] } };
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    startTimeUnixNano: 1,
    attributes: [{ key: 'k', value }],
  };
  expect(() => decodeTracesJson(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }))).toThrow(
    /too deep/,
  );
});
