import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { toTrpcError } from './errors.ts';

test('an expected failure keeps its code and message', () => {
  const error = toTrpcError(new AppError('not_found', 'order 7 is unknown'));
  expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'order 7 is unknown' });
});

test('the message of a bug never reaches the client', () => {
  const error = toTrpcError(new Error('password=hunter2 at /home/me'));
  expect(error.code).toBe('INTERNAL_SERVER_ERROR');
  expect(error.message).not.toContain('hunter2');
});
