import { expect, test } from 'vitest';
import { oneCondition, readControls, setCondition } from './edit-filter.ts';

test('the controls read what the text says', () => {
  expect(readControls('service:orders status:error duration>=100ms checkout')).toEqual({
    service: 'orders',
    errorsOnly: true,
    minMs: 100,
  });
  expect(readControls('-service:orders duration<1s')).toEqual({ service: null, errorsOnly: false, minMs: null });
  expect(readControls('duration>banana')).toEqual({ service: null, errorsOnly: false, minMs: null });
});

test('a control replaces its own condition and leaves the rest of the text', () => {
  expect(setCondition('service:orders -service:history checkout', 'service', 'eq', 'billing')).toBe(
    'checkout -service:history service:billing',
  );
  expect(setCondition('service:orders checkout', 'service', 'eq', null)).toBe('checkout');
  expect(setCondition('', 'duration', 'gte', 100e6)).toBe('duration>=100ms');
});

test('a value becomes a filter that reads back', () => {
  expect(oneCondition('http.route', 'neq', '/orders')).toBe('-http.route:/orders');
  expect(oneCondition('db.query.text', 'eq', 'select "x"')).toBe('db.query.text:"select \\"x\\""');
});
