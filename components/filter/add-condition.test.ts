import { expect, test } from 'vitest';
import { addCondition } from './add-condition.ts';

test('filter for and filter out append one condition', () => {
  expect(addCondition('', 'service', 'eq', 'orders')).toBe('service:orders');
  expect(addCondition('severity:error', 'route', 'neq', '/orders/:id')).toBe('severity:error -http.route:/orders/:id');
});

test('the same value twice is said once, and the opposite gives way', () => {
  expect(addCondition('service:orders', 'service', 'eq', 'orders')).toBe('service:orders');
  expect(addCondition('service:orders x', 'service', 'neq', 'orders')).toBe('x -service:orders');
});

test('values with spaces and numbers read back', () => {
  expect(addCondition('', 'body', 'eq', 'order placed')).toBe('body:"order placed"');
  expect(addCondition('', 'durationMs', 'eq', 12.5)).toBe('durationMs:12.5');
});

test('what the language cannot say is refused', () => {
  expect(addCondition('', 'status', 'eq', 200)).toBeNull();
  expect(addCondition('service:', 'service', 'eq', 'orders')).toBeNull();
});
