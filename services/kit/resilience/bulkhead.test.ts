import { expect, test } from 'vitest';
import { isAppError } from '#contracts/errors.ts';
import { createBulkhead } from './bulkhead.ts';

const policy = { maxConcurrent: 2, maxQueued: 1, maxWaitMs: 30_000 };
const hold = () => Promise.withResolvers<string>();

test('lets so many in, queues so many, refuses the rest, and the line moves up', async () => {
  const bulkhead = createBulkhead('inference', policy);
  const [a, b, c] = [hold(), hold(), hold()];
  const calls = [a, b, c].map(({ promise }) => bulkhead.run(() => promise));
  await expect(bulkhead.run(async () => 'never')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
  expect(bulkhead.view()).toEqual({ running: 2, queued: 1, rejected: 1 });
  a.resolve('a');
  expect(await calls[0]).toBe('a');
  expect(bulkhead.view()).toEqual({ running: 2, queued: 0, rejected: 1 });
  b.resolve('b');
  c.resolve('c');
  expect(await Promise.all(calls)).toEqual(['a', 'b', 'c']);
  expect(bulkhead.view().running).toBe(0);
});

test('a call that fails gives its place back', async () => {
  const bulkhead = createBulkhead('inference', policy);
  for (let n = 0; n < 5; n += 1)
    await expect(bulkhead.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(bulkhead.view()).toEqual({ running: 0, queued: 0, rejected: 0 });
});

test('who waits too long is refused and leaves the line', async () => {
  const bulkhead = createBulkhead('inference', { maxConcurrent: 1, maxQueued: 5, maxWaitMs: 5 });
  const busy = hold();
  const first = bulkhead.run(() => busy.promise);
  const error = await bulkhead.run(async () => 'late').catch((reason: unknown) => reason);
  expect(isAppError(error, 'unavailable')).toBe(true);
  expect(bulkhead.view()).toEqual({ running: 1, queued: 0, rejected: 1 });
  busy.resolve('done');
  expect(await first).toBe('done');
  expect(await bulkhead.run(async () => 'next')).toBe('next');
});
