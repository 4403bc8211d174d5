import { expect, test } from 'vitest';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import { complete, completionAt, quoted } from './completion.ts';

/** `|` marks the caret. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  return completionAt(marked.replace('|', ''), caret);
}
function chosen(marked: string, value: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  const completion = completionAt(text, caret);
  if (completion === null) return null;
  const done = complete(text, completion, value);
  return `${done.text.slice(0, done.caret)}|${done.text.slice(done.caret)}`;
}

test('an empty text and a begun word ask for a field', () => {
  expect(at('|')).toMatchObject({ kind: 'field', prefix: '' });
  expect(at('status:error ser|')).toMatchObject({ kind: 'field', prefix: 'ser' });
  expect(at('-ser|')).toMatchObject({ kind: 'field', prefix: 'ser', from: 1 });
});

test('after an operator the values of its field are asked for, quoted or not', () => {
  expect(at('service:|')).toMatchObject({ kind: 'value', field: 'service', prefix: '' });
  expect(at('severity>=wa|')).toMatchObject({ kind: 'value', field: 'severity', prefix: 'wa' });
  expect(at('-http.route:"/or|')).toMatchObject({ kind: 'value', field: 'http.route', prefix: '/or' });
});

test('quoted free text asks for nothing', () => {
  expect(at('"order pla|')).toBeNull();
});

test('a chosen field leaves the caret after its colon, and does not double it', () => {
  expect(chosen('ser|', 'service:')).toBe('service:|');
  expect(chosen('-ser|:orders x', 'service:')).toBe('-service:|orders x');
});

test('a chosen value ends its term and leaves the others alone', () => {
  expect(chosen('service:or|', 'orders')).toBe('service:orders |');
  expect(chosen('service:or| status:error', 'orders')).toBe('service:orders |status:error');
  expect(chosen('body:"order pl|aced" x', 'order placed')).toBe('body:"order placed" |x');
});

test('a quoted value reads back as itself', () => {
  for (const value of ['a b', 'say "hi"', 'back\\slash here', '*', '=x', 'plain']) {
    const parsed = parseFilter(`body:${quoted(value)}`);
    expect(parsed.ok && parsed.filter.conditions[0]).toMatchObject({ op: 'eq', value });
  }
});
