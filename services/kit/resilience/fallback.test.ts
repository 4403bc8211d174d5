import { expect, test } from 'vitest';
import { AppError } from '#contracts/errors.ts';
import { testService } from '../testing/service.ts';
import { createFallback } from './fallback.ts';

const down = () => Promise.reject(new AppError('unavailable', 'down'));

test('answers the second best while the best cannot be had, and counts both', async () => {
  const { patterns } = testService({}).service;
  const fallback = createFallback(patterns, { name: 'score', description: 'A rule decides.' });
  expect(
    await fallback.run(
      async () => 'model',
      () => 'rule',
    ),
  ).toBe('model');
  expect(await fallback.run(down, () => 'rule')).toBe('rule');
  const [status] = await patterns.list();
  expect(status?.parts).toEqual([{ name: 'score', facts: { best: 1, substituted: 1 } }]);
});

test('does not answer somebody who is gone, nor while it is switched off', async () => {
  const { patterns } = testService({}).service;
  const fallback = createFallback(patterns, { name: 'score', description: 'A rule decides.' });
  const gone = () => Promise.reject(new AppError('cancelled', 'gone'));
  await expect(fallback.run(gone, () => 'rule')).rejects.toMatchObject({ code: 'cancelled' });
  await patterns.set('fallback', false);
  await expect(fallback.run(down, () => 'rule')).rejects.toMatchObject({ code: 'unavailable' });
});
