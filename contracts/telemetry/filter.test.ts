import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closedFields, conditionProblem, fieldAliases, parseFilter, printFilter } from './filter.ts';
import type { Condition, Filter } from './query.ts';

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${parsed.error.message} at ${parsed.error.position}`);
  return parsed.filter;
}
function errorOf(text: string) {
  const parsed = parseFilter(text);
  if (parsed.ok) throw new Error(`"${text}" parsed`);
  return parsed.error;
}

test('reads fields, comparisons, durations and free text', () => {
  expect(filterOf('service:orders status:error duration>200ms "free text"')).toEqual({
    conditions: [
      { field: 'service', op: 'eq', value: 'orders' },
      { field: 'status', op: 'eq', value: 'error' },
      { field: 'duration', op: 'gt', value: 200_000_000 },
    ],
    text: 'free text',
  });
});

test('reads negation, contains, exists, absent and attribute names', () => {
  expect(filterOf('-service:x http.route:/orders name~check order:* -db.namespace:* a!=1').conditions).toEqual([
    { field: 'service', op: 'neq', value: 'x' },
    { field: 'http.route', op: 'eq', value: '/orders' },
    { field: 'name', op: 'contains', value: 'check' },
    { field: 'orrery.order.id', op: 'exists', value: null },
    { field: 'db.namespace', op: 'exists', value: false },
    { field: 'a', op: 'neq', value: 1 },
  ]);
});

test('keeps quoted values as text and bare numbers as numbers', () => {
  expect(filterOf('a:500 b:"500" c:true d:"x \\"y\\" \\\\"').conditions.map((c) => c.value)).toEqual([
    500,
    '500',
    true,
    'x "y" \\',
  ]);
});

test('joins bare words into one free text; further quoted pieces become conditions', () => {
  expect(filterOf('card was declined')).toEqual({ conditions: [], text: 'card was declined' });
  expect(filterOf('"card" "declined" -refund')).toEqual({
    conditions: [
      { field: 'text', op: 'neq', value: 'refund' },
      { field: 'text', op: 'contains', value: 'declined' },
    ],
    text: 'card',
  });
});

test('an empty text is an empty filter', () => {
  expect(filterOf('  ')).toEqual({ conditions: [], text: null });
});

test.each([
  ['service:', 7, 'a value is missing'],
  ['a:1 "open', 4, 'never closed'],
  ['duration>200', 9, 'unit'],
  ['x:1 status:bad', 4, 'one of unset, ok, error'],
  ['name>3', 0, 'no order'],
  ['http.response.status_code>abc', 0, 'number'],
  ['-duration>2s', 0, '“-”'],
])('%s is refused at %i', (text, position, message) => {
  const error = errorOf(text);
  expect(error.position).toBe(position);
  expect(error.message).toContain(message);
});

const value = fc.oneof(
  fc.string(),
  fc.constantFrom('true', '1', '*', '-x', '=', '"', 'a b'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
  fc.boolean(),
);
const fields = [
  'service',
  'name',
  'kind',
  'status',
  'severity',
  'duration',
  'body',
  'traceId',
  'http.route',
  'weird key',
  'text',
];
const condition: fc.Arbitrary<Condition> = fc
  .record({
    field: fc.oneof(
      fc.constantFrom(...fields),
      fc.string({ minLength: 1 }).filter((f) => !fieldAliases.has(f)),
    ),
    op: fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'contains'),
    value,
  })
  .map((c): Condition => {
    const closed = closedFields.get(c.field);
    if (closed !== undefined && c.op !== 'contains') return { ...c, value: closed[0] ?? null };
    if (c.field === 'duration') return { ...c, value: 1500 };
    return textual(c);
  })
  .filter((c) => conditionProblem(c) === null && !(c.field === 'text' && c.value === ''));

function textual(c: Condition): Condition {
  const text = ['service', 'name', 'body', 'traceId', 'kind', 'status', 'severity', 'text'].includes(c.field);
  return text ? { ...c, value: String(c.value) } : c;
}

test('what is printed parses back to the same filter', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 5 }), fc.option(fc.string({ minLength: 1 })), (conditions, text) => {
      // Free text is always first when printed; contained text without it would be promoted to it.
      const filter: Filter = { conditions: conditions.filter((c) => c.field !== 'text' || c.op === 'neq'), text };
      expect(parseFilter(printFilter(filter))).toEqual({ ok: true, filter });
    }),
  );
});

test('never throws, whatever is typed', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ':', '"', '-', '>', '=', ' ', '\\', '*', '1', '~') }),
      (text) => {
        parseFilter(text);
      },
    ),
  );
});
