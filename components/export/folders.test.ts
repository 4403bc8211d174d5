import { expect, test } from 'vitest';
import { baseName, filesBelow, toFolders } from './folders.ts';

const files = ['README.md', 'a/b/one.yaml', 'a/b/two.yaml', 'a/three.yaml'].map((path) => ({ path }));

test('files are found in their folders', () => {
  const root = toFolders(files);
  expect(root.files.map(({ path }) => path)).toEqual(['README.md']);
  const [a] = root.folders;
  expect(a).toMatchObject({ name: 'a', path: 'a', files: [{ path: 'a/three.yaml' }] });
  expect(a?.folders).toMatchObject([
    { name: 'b', path: 'a/b', files: [{ path: 'a/b/one.yaml' }, { path: 'a/b/two.yaml' }] },
  ]);
});

test('nothing is lost on the way down', () => {
  expect(
    filesBelow(toFolders(files))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(files.map(({ path }) => path).sort());
  expect(baseName('a/b/one.yaml')).toBe('one.yaml');
});
