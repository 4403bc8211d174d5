import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline.tsx';

test('a gap lifts the pen', () => {
  expect(sparklinePath([0, null, 2, 1])).toBe('M0.0 19.0M48.0 1.0L72.0 10.0');
});

test('nothing but zeros lies on the floor', () => {
  expect(sparklinePath([0, 0])).toBe('M0.0 19.0L72.0 19.0');
});
