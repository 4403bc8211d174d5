import { expect, test } from 'vitest';
import { requestFingerprint } from './idempotency.ts';

test('does not depend on the order of members, and does on every value', () => {
  const one = requestFingerprint('charge', { a: 1, b: { c: [1, 2], d: 'x' } });
  expect(requestFingerprint('charge', { b: { d: 'x', c: [1, 2] }, a: 1, e: undefined })).toBe(one);
  expect(requestFingerprint('charge', { a: 1, b: { c: [2, 1], d: 'x' } })).not.toBe(one);
  expect(requestFingerprint('refund', { a: 1, b: { c: [1, 2], d: 'x' } })).not.toBe(one);
});
