import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHolder, takeLock } from './lock.ts';

let directory = '';
let file = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-lock-'));
  file = path.join(directory, 'a.lock');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.each([
  ['nobody holds', null],
  ['a dead process left', JSON.stringify({ pid: 2 ** 22 + 1, mark: 'gone' })],
  ['a recycled pid left', JSON.stringify({ pid: process.pid, mark: 'an older life' })],
  ['half-written bytes are', '{"pid":'],
])('of twenty who take a lock that %s, one gets it', async (_name, content) => {
  if (content !== null) await writeFile(file, content);
  const taken = await Promise.all(Array.from({ length: 20 }, () => takeLock(file)));
  expect(taken.filter((outcome) => 'release' in outcome)).toHaveLength(1);
  expect((await lockHolder(file))?.pid).toBe(process.pid);
  expect(await readdir(directory)).toEqual(['a.lock']);
});

test('a lock that was given back can be taken again', async () => {
  const first = await takeLock(file);
  if ('holder' in first) throw new Error('was free');
  await first.release();
  expect(await lockHolder(file)).toBeNull();
  expect('release' in (await takeLock(file))).toBe(true);
});
