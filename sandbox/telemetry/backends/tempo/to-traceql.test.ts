import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import { type Attributes, type Condition, type Filter, SpanKind, SpanStatus } from '#contracts/telemetry/query.ts';
import { spanMatches } from '../../filter/matches.ts';
import { buildResource, buildSpan, emptySpan } from '../../otlp/build-span.ts';
import { syntaxError } from '../testing/grammar.ts';
import { anyText } from '../testing/texts.ts';
import { type TempoSpan, traceQlFinds } from '../testing/traceql.ts';
import { filterToTraceQl } from './to-traceql.ts';

const attributeNames = [
  'http.route',
  'http.request.method',
  'url.path',
  'orrery.order.id',
  'n',
  'a b',
  'my/own-name',
  'server.address',
  'chaos.fault.id',
];
const sentNames = [...attributeNames, 'http.method', 'http.target', 'net.peer.name', 'net.host.name'];
const scalar = fc.oneof(
  anyText.map((text) => text.toWellFormed()),
  fc.constantFrom(0, 1, 200, 404, -3, 0.5, 12345),
  fc.boolean(),
);
const sentAttributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.constantFrom(...sentNames),
  fc.oneof(
    scalar,
    fc.array(
      anyText.map((text) => text.toWellFormed()),
      { maxLength: 2 },
    ),
  ),
  { maxKeys: 5, noNullPrototype: true },
);

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const sent: fc.Arbitrary<TempoSpan> = fc.record({
  name: anyText.map((text) => text.toWellFormed()),
  kind: fc.constantFrom(...kinds),
  status: fc.constantFrom(...SpanStatus.options),
  durationNano: fc.constantFrom(0, 1, 1_000_000, 200_000_000),
  spanId: fc.constantFrom('1'.repeat(16), '2'.repeat(16)),
  scope: fc.constantFrom('http', '', 'my "scope"'),
  attributes: sentAttributes,
  resource: fc.constantFrom<Attributes>({ 'service.name': 'orders' }, { 'service.name': 'Order"s', n: 12 }, {}),
});

/** As our reader makes it of what Tempo holds. */
function read(span: TempoSpan) {
  const built = buildSpan(
    {
      ...emptySpan(),
      traceId: 'a'.repeat(32),
      spanId: span.spanId,
      name: span.name,
      kind: kinds.indexOf(span.kind),
      startNano: 1n,
      endNano: 1n + BigInt(span.durationNano),
      attributes: span.attributes,
      statusCode: SpanStatus.options.indexOf(span.status as SpanStatus),
    },
    buildResource(span.resource),
    span.scope,
  );
  if (typeof built === 'string') throw new Error(built);
  return built;
}

const fields = [
  'service',
  'name',
  'kind',
  'status',
  'duration',
  'severity',
  'traceId',
  'spanId',
  'scope',
  'text',
  'http.method',
  ...attributeNames,
];
const value = fc.oneof(
  anyText,
  fc.constantFrom(0, 1, 200, -3, 0.5, 1e21, 1e-9, 1_000_000),
  fc.boolean(),
  fc.constantFrom('r', 'E', 'i', 'a'.repeat(32)),
);
const closed: Record<string, readonly string[]> = {
  kind: SpanKind.options,
  status: SpanStatus.options,
  severity: ['info'],
};
const condition: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.constantFrom(...fields),
    op: fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains', 'exists'),
    value,
    pick: fc.nat(),
  })
  .map(({ pick, ...c }): Condition => {
    if (c.op === 'exists') return { ...c, value: pick % 2 === 0 ? null : false };
    const values = closed[c.field];
    return values === undefined || c.op === 'contains' ? c : { ...c, value: values[pick % values.length] ?? null };
  })
  .filter((c) => conditionProblem(c) === null);
const filter: fc.Arbitrary<Filter> = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  text: fc.option(anyText),
});

test('every span that meets a filter is found by its TraceQL', () => {
  let matched = 0;
  fc.assert(
    fc.property(filter, fc.array(sent, { minLength: 1, maxLength: 8 }), (wanted, spans) => {
      const compiled = filterToTraceQl(wanted, { windows: [] });
      for (const one of spans) {
        if (!spanMatches(wanted, read(one))) continue;
        matched++;
        expect(compiled, 'a filter that nothing can match').not.toBeNull();
        expect(traceQlFinds(compiled?.query ?? '', one, { durationNano: 1 }), compiled?.query).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test('whatever is typed, the grammar of TraceQL takes the query, and reads the value back', () => {
  fc.assert(
    fc.property(filter, (wanted) => {
      const compiled = filterToTraceQl(wanted, { windows: [] });
      if (compiled !== null) expect(syntaxError('traceQl', compiled.query)).toBeNull();
    }),
    { numRuns: 1000 },
  );
  const span = { ...emptyTempoSpan, attributes: {} };
  fc.assert(
    fc.property(anyText, (text) => {
      const { query = '' } =
        filterToTraceQl(
          { conditions: [{ field: 'orrery.order.id', op: 'eq', value: text }], text: null },
          { windows: [] },
        ) ?? {};
      const own = (order: string) => ({ ...span, attributes: { 'orrery.order.id': order } });
      expect(traceQlFinds(query, own(text.toWellFormed()), { durationNano: 1 })).toBe(true);
      expect(traceQlFinds(query, own(`${text}x`), { durationNano: 1 })).toBe(false);
    }),
  );
});
const emptyTempoSpan: TempoSpan = {
  name: '',
  kind: 'internal',
  status: 'unset',
  durationNano: 0,
  spanId: '1'.repeat(16),
  scope: '',
  attributes: {},
  resource: {},
};

const queryOf = (field: string, op: Condition['op'], wanted: Condition['value']) =>
  filterToTraceQl({ conditions: [{ field, op, value: wanted }], text: null }, { windows: [] })?.query;

test('narrows as far as TraceQL has words', () => {
  expect(queryOf('service', 'eq', 'orders')).toBe('{ resource.service.name = "orders" }');
  expect(queryOf('status', 'eq', 'error')).toBe('{ status = error }');
  expect(queryOf('status', 'neq', 'error')).toBe('{ (status = unset || status = ok) }');
  expect(queryOf('kind', 'eq', 'internal')).toBe('{ (kind = internal || kind = unspecified) }');
  expect(queryOf('duration', 'gt', 200e6)).toBe('{ duration > 200000000ns }');
  expect(queryOf('name', 'contains', 'POST /')).toBe('{ name =~ "(?is).*POST \\\\x2f.*" }');
  expect(queryOf('order', 'eq', '0198')).toBe(
    '{ (span.orrery.order.id = "0198" || resource.orrery.order.id = "0198") }',
  );
  expect(queryOf('messaging.destination.partition.id', 'eq', 3)).toContain(
    'span.messaging.destination.partition.id = "3" || span.messaging.destination.partition.id = 3',
  );
  expect(queryOf('http.request.method', 'eq', 'GET')).toContain('span.http.method = "GET"');
  expect(queryOf('a b', 'exists', null)).toBe('{ (span."a b" != nil || resource."a b" != nil) }');
});

test('what only log records have matches no span; what TraceQL cannot name is refused', () => {
  expect(queryOf('severity', 'eq', 'error')).toBeUndefined();
  expect(queryOf('body', 'neq', 'x')).toBe('{ }');
  expect(() => queryOf('größe', 'eq', 1)).toThrow('“größe” cannot be looked for in Tempo');
  expect(() => queryOf('a\nb', 'eq', 1)).toThrow('cannot be looked for in Tempo');
  expect(() => queryOf('name', 'gt', 1)).toThrow('name has no order');
});

test('control: what is no query is told from one', () => {
  expect(syntaxError('traceQl', '{ status = }')).toContain('traceQl at');
  expect(syntaxError('logQl', '{service_name="x"} | ')).toContain('logQl at');
  expect(syntaxError('promQl', 'sum by (x')).toContain('promQl at');
});
