import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromColumns, searchText, splitAttributes, toColumns } from './attribute-columns.ts';
import { createKnownColumns } from './known-columns.ts';

const repeating = fc.constantFrom('GET', 'SELECT orders', 'Grüße', '', true, false, 0, 200, 5432);
const volatile = fc.oneof(fc.uuid(), fc.integer({ min: 10_000 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const list = fc.array(fc.constantFrom('x', 'Y'), { maxLength: 2 });
const key = fc.constantFrom('http.response.status_code', 'server.port', 'order', 'a', 'b', '7');
const record = fc.record({
  name: fc.constantFrom('GET /orders', 'Process', ''),
  more: fc.option(fc.constantFrom('It failed'), { freq: 3 }),
  attributes: fc.dictionary(
    key,
    fc.oneof({ weight: 6, arbitrary: repeating }, { weight: 3, arbitrary: volatile }, list),
  ),
});

test('a record has the columns that it has alone, whatever came before', () => {
  const known = createKnownColumns();
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 30 }), (records) => {
      for (const { name, more, attributes } of [...records, ...records]) {
        const split = splitAttributes(attributes);
        const columns = known.of(name, more, attributes);
        expect(columns).toEqual({ ...toColumns(split), text: searchText([name, more], split) });
        expect(fromColumns(columns)).toEqual(JSON.parse(JSON.stringify(attributes)));
      }
    }),
  );
});

test('a record that differs from an earlier one in volatile values only takes no more room', () => {
  const known = createKnownColumns();
  const take = (id: string) => known.of('GET /orders', null, { method: 'GET', id, code: true });
  const first = take('0191aaaa-0000');
  const size = known.size();
  expect(take('0191bbbb-0000')).toEqual({ ...first, idValues: '["0191bbbb-0000"]' });
  expect(known.size()).toBe(size);
});

test('names and values without end do not stay', () => {
  const known = createKnownColumns();
  let most = 0;
  const take = (name: string, value: string): void => {
    known.of(name, null, { a: value });
    most = Math.max(most, known.size());
  };
  for (let n = 0; n < 20_000; n++) take(`name ${n}`, 'GET');
  for (let n = 0; n < 200; n++) take('one', `${'long '.repeat(10_000)}${n}`);
  expect(most).toBeGreaterThan(3_900_000);
  expect(most).toBeLessThan(4_500_000);
  expect(known.of('name 1', null, { a: 'GET' }).text).toBe('name 1\nget\n');
});
