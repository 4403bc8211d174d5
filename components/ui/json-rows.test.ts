import { expect, test } from 'vitest';
import { jsonRows } from './json-rows.ts';

const paths = (value: unknown, ...collapsed: string[]) => jsonRows(value, new Set(collapsed)).map(({ path }) => path);

test('every entry is a row with its path; names that need it are quoted', () => {
  expect(paths({ lines: [{ sku: 'A' }], 'http.route': '/' })).toEqual([
    ...['$', '$.lines', '$.lines[0]', '$.lines[0].sku', '$["http.route"]'],
  ]);
});

test('what is collapsed hides what is inside', () => {
  expect(paths({ a: { b: 1 }, c: 2 }, '$.a')).toEqual(['$', '$.a', '$.c']);
  expect(paths([], '$')).toEqual(['$']);
});
