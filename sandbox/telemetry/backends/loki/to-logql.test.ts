import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionProblem } from '#contracts/telemetry/filter.ts';
import { type Condition, type Filter, Severity } from '#contracts/telemetry/query.ts';
import { logMatches } from '../../filter/matches.ts';
import { syntaxError } from '../testing/grammar.ts';
import { logQlFinds } from '../testing/logql.ts';
import { anyText } from '../testing/texts.ts';
import { labelOf } from './label-names.ts';
import { type Line, toLog } from './log-line.ts';
import { filterToLogQl } from './to-logql.ts';

const attributeNames = ['http.route', 'orrery.order.id', 'n', 'orderId', 'some_key', 'my/own-name'];

const line: fc.Arbitrary<Line> = fc
  .record({
    text: anyText,
    service: fc.constantFrom('orders', 'billing', 'Order"s'),
    attributes: fc.dictionary(
      fc.constantFrom(...attributeNames),
      anyText.filter((value) => value !== ''),
      { noNullPrototype: true },
    ),
    more: fc.record(
      {
        severity_number: fc.constantFrom('1', '8', '9', '13', '17', '24'),
        severity_text: fc.constantFrom('error', 'INFO', 'warn'),
        trace_id: fc.constantFrom('a'.repeat(32), 'b'.repeat(32)),
        service_instance_id: fc.constantFrom('orders-1', 'orders-2'),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  })
  .map(({ text, service, attributes, more }) => ({
    timeNano: 1n,
    text: text.toWellFormed(),
    labels: {
      service_name: service,
      ...more,
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [labelOf(name), value.toWellFormed()])),
    },
  }));

const fields = [
  'service',
  'body',
  'instance',
  'traceId',
  'spanId',
  'severity',
  'text',
  'name',
  'duration',
  ...attributeNames,
];
const value = fc.oneof(
  anyText,
  fc.constantFrom(0, 12, 200, -3, 0.5, 1e21, 1e-9),
  fc.boolean(),
  fc.constantFrom('r', 'E', 'i', 'a'.repeat(32)),
);
const condition: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.constantFrom(...fields),
    op: fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains', 'exists'),
    value,
    pick: fc.nat(),
  })
  .map(({ pick, ...c }): Condition => {
    if (c.op === 'exists') return { ...c, value: pick % 2 === 0 ? null : false };
    return c.field === 'severity' && c.op !== 'contains' ? { ...c, value: Severity.options[pick % 6] ?? null } : c;
  })
  .filter((c) => conditionProblem(c) === null);
const filter: fc.Arbitrary<Filter> = fc.record({
  conditions: fc.array(condition, { maxLength: 3 }),
  text: fc.option(anyText),
});

test('every line that meets a filter is found by its LogQL', () => {
  let matched = 0;
  fc.assert(
    fc.property(filter, fc.array(line, { minLength: 1, maxLength: 8 }), (wanted, lines) => {
      const compiled = filterToLogQl(wanted);
      for (const one of lines) {
        if (!logMatches(wanted, toLog(one, compiled?.named ?? []))) continue;
        matched++;
        expect(compiled, 'a filter that nothing can match').not.toBeNull();
        expect(logQlFinds(compiled?.query ?? '', one), compiled?.query).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
  expect(matched).toBeGreaterThan(100);
});

test('whatever is typed, the grammar of LogQL takes the query, and reads the value back', () => {
  fc.assert(
    fc.property(filter, (wanted) => {
      const compiled = filterToLogQl(wanted);
      if (compiled !== null) expect(syntaxError('logQl', compiled.query)).toBeNull();
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(
      anyText.filter((text) => text !== ''),
      (text) => {
        const { query = '' } =
          filterToLogQl({ conditions: [{ field: 'http.route', op: 'eq', value: text }], text: null }) ?? {};
        const labels = { service_name: 'x', http_route: text.toWellFormed() };
        expect(logQlFinds(query, { text: '', labels })).toBe(true);
        expect(logQlFinds(query, { text: '', labels: { ...labels, http_route: `${text}x` } })).toBe(false);
      },
    ),
  );
});

const queryOf = (field: string, op: Condition['op'], wanted: Condition['value']) =>
  filterToLogQl({ conditions: [{ field, op, value: wanted }], text: null })?.query;

test('narrows as far as LogQL has words', () => {
  expect(queryOf('service', 'eq', 'orders')).toBe('{service_name=~".+", service_name="orders"}');
  expect(queryOf('service', 'neq', 'orders')).toBe('{service_name=~".+", service_name!="orders"}');
  expect(queryOf('order', 'eq', '0198')).toBe('{service_name=~".+"} | orrery_order_id="0198"');
  expect(queryOf('trace', 'eq', 'ab')).toBe('{service_name=~".+"} | trace_id="ab"');
  expect(queryOf('severity', 'gte', 'error')).toBe(
    '{service_name=~".+"} | (severity_number >= 17 and severity_number <= 20) or (severity_number >= 21 and severity_number <= 24) or severity_number=""',
  );
  expect(queryOf('body', 'contains', 'a.b')).toBe('{service_name=~".+"} |~ "(?is)a\\\\x2eb"');
  expect(queryOf('http.response.status_code', 'gte', 500)).toBe(
    '{service_name=~".+"} | http_response_status_code >= 500',
  );
  expect(queryOf('http.route', 'exists', null)).toBe('{service_name=~".+"} | http_route!=""');
});

test('what only spans have matches no line; what Loki cannot name is refused', () => {
  expect(queryOf('duration', 'gt', 1)).toBeUndefined();
  expect(queryOf('kind', 'neq', 'server')).toBe('{service_name=~".+"}');
  expect(() => queryOf('1st', 'eq', 'x')).toThrow('“1st” cannot be looked for');
  expect(() => queryOf('a b', 'eq', 'x')).toThrow('“a b” cannot be looked for');
  expect(() => queryOf('severity', 'eq', 'bad')).toThrow('severity is one of');
});
