import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { testService } from '../testing/service.ts';
import { createOffsetCommitter } from './offset-committer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const { log } = testService({}).service;

test('commits the position after the last handled message of each partition, together', async () => {
  const commits: unknown[] = [];
  const committer = createOffsetCommitter(async (offsets) => void commits.push(offsets), log);
  committer.mark('t', 0, '4');
  committer.mark('t', 0, '5');
  committer.mark('t', 1, '9007199254740993');
  await vi.advanceTimersByTimeAsync(300);
  expect(commits).toEqual([
    [
      { topic: 't', partition: 0, offset: '6' },
      { topic: 't', partition: 1, offset: '9007199254740994' },
    ],
  ]);
});

test('a failed commit is no failure: the next mark commits again', async () => {
  let fail = true;
  const commits: unknown[] = [];
  const committer = createOffsetCommitter(async (offsets) => {
    if (fail) throw new Error('rebalancing');
    commits.push(offsets);
  }, log);
  committer.mark('t', 0, '1');
  await committer.flush();
  fail = false;
  committer.mark('t', 0, '2');
  await committer.flush();
  expect(commits).toEqual([[{ topic: 't', partition: 0, offset: '3' }]]);
});
