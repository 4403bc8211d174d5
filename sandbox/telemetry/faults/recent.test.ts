import { expect, test } from 'vitest';
import { createRecent } from './recent.ts';

test('what was set last is found, what was set long before is forgotten, and never more than twice the bound is kept', () => {
  const recent = createRecent<number>(10);
  for (let n = 0; n < 1_000; n++) {
    recent.set(`${n}`, n);
    for (let back = 0; back < 10; back++) if (n >= back) expect(recent.get(`${n - back}`)).toBe(n - back);
    if (n >= 20) expect(recent.get(`${n - 20}`)).toBeUndefined();
  }
});

test('what is set anew is the newer', () => {
  const recent = createRecent<string>(1);
  recent.set('a', 'before');
  recent.set('b', 'x');
  recent.set('a', 'after');
  expect(recent.get('a')).toBe('after');
});
