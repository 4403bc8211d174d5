import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildFolder, hashInputs, isBuilt, stampBuild } from './console-build.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-console-'));
  await mkdir(path.join(directory, 'app/orders'), { recursive: true });
  await writeFile(path.join(directory, 'app/orders/page.tsx'), 'one');
  await writeFile(path.join(directory, 'package-lock.json'), '{}');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function pretendBuild(hash: string, id: string): Promise<void> {
  const folder = path.join(directory, buildFolder());
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'BUILD_ID'), id);
  await stampBuild(directory, hash);
}

test('the same sources need no second build', async () => {
  const hash = await hashInputs(directory);
  expect(await isBuilt(directory, hash)).toBe(false);
  await pretendBuild(hash, 'build-1');
  expect(await isBuilt(directory, await hashInputs(directory))).toBe(true);
});

test('a changed, added or renamed source and a new lock file make it stale; a test does not', async () => {
  const before = await hashInputs(directory);
  await writeFile(path.join(directory, 'app/orders/page.test.tsx'), 'test');
  expect(await hashInputs(directory)).toBe(before);
  const seen = new Set([before]);
  for (const [file, text] of [
    ['app/orders/page.tsx', 'two'],
    ['app/orders/client.tsx', ''],
    ['package-lock.json', '{"a":1}'],
  ] as const) {
    await writeFile(path.join(directory, file), text);
    seen.add(await hashInputs(directory));
  }
  expect(seen.size).toBe(4);
});

test('a build that somebody made by hand since then is not taken for ours', async () => {
  const hash = await hashInputs(directory);
  await pretendBuild(hash, 'build-1');
  await writeFile(path.join(directory, buildFolder(), 'BUILD_ID'), 'build-2');
  expect(await isBuilt(directory, hash)).toBe(false);
});
