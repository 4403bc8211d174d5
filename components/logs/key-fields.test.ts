import { expect, test } from 'vitest';
import { keyFields } from './key-fields.ts';

const shown = (attributes: Parameters<typeof keyFields>[0]['attributes']) =>
  keyFields({ attributes }).map(({ name, value }) => `${name}=${value}`);

test('what every line repeats is left out, and the route stands for the path', () => {
  const request = { version: '0.1.0', instance: 'a-1', path: '/orders/7', route: '/orders/:id', status: 200 };
  expect(shown(request)).toEqual(['route=/orders/:id', 'status=200']);
});

test('the reason and the order come before the rest, and ids are short', () => {
  const line = { sku: 'LAMP-001', orderId: '01a2031f-b7b0-74d3-8c92-975c6d712e25', reason: 'declined' };
  expect(shown(line)).toEqual(['reason=declined', 'orderId=…6d712e25', 'sku=LAMP-001']);
});

test('long and multi-line values are cut to one short line, stacks are left to the panel', () => {
  const [field] = shown({ message: `first\n  second ${'x'.repeat(100)}`, 'err.stack': 'at a\nat b' });
  expect(field).toMatch(/^message=first second x+…$/);
  expect(shown({ 'err.stack': 'at a' })).toEqual([]);
});

test('lists are shown as lists', () => {
  expect(shown({ instrumentations: ['pg', 'http'], reasons: [] })).toEqual([
    'instrumentations=[pg, http]',
    'reasons=[]',
  ]);
});
