import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { classifyFailure, decide, inlineAttempts } from './retry-policy.ts';

const half = () => 0.5;

test.each([
  [new AppError('invalid_argument', 'x'), 'poison'],
  [new AppError('not_found', 'x'), 'poison'],
  [new AppError('unavailable', 'x'), 'transient'],
  [new AppError('deadline_exceeded', 'x'), 'transient'],
  [new AppError('conflict', 'lost a race', { retryable: true }), 'transient'],
  [new AppError('internal', 'x'), 'unknown'],
  [new TypeError('bug'), 'unknown'],
  [Object.assign(new Error('out of range'), { code: '22003' }), 'poison'],
  [Object.assign(new Error('unique'), { code: '23505' }), 'unknown'],
] as const)('%s is %s', (error, kind) => {
  expect(classifyFailure(error)).toBe(kind);
});

test('a message that can never be handled is parked at its first attempt', () => {
  expect(decide(new AppError('unprocessable', 'x'), 1, half)).toEqual({ action: 'park' });
});

test('a fault of its own gets a few attempts, then its message is tried later', () => {
  expect(decide(new TypeError('bug'), inlineAttempts - 1, half).action).toBe('retry');
  expect(decide(new TypeError('bug'), inlineAttempts, half).action).toBe('later');
  expect(decide(new TypeError('bug'), inlineAttempts + 1, half).action).toBe('later');
});

test('a dependency that is down is waited for, however long it takes', () => {
  expect(decide(new AppError('unavailable', 'x'), 1_000, half).action).toBe('retry');
});

test('without the pause a dependency that is down costs the message, and nobody tries it later', () => {
  expect(decide(new AppError('unavailable', 'x'), inlineAttempts, half, false)).toEqual({ action: 'park' });
});
