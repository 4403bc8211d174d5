import { unzipSync } from 'fflate';
import { expect, test, vi } from 'vitest';
import type { ExportResult } from '#contracts/sandbox/export.ts';
import { compareExports } from './compare.ts';
import { highlight } from './highlight.ts';
import { rememberRendered } from './rendered.ts';
import { changedLines, wholeFile } from './view-file.ts';
import { zipExport } from './zip.ts';

const before = [
  { path: 'a.yaml', content: 'replicas: 2\nname: a\n' },
  { path: 'gone.yaml', content: 'x: 1\n' },
];
const after = [
  { path: 'a.yaml', content: 'replicas: 3\nname: a\n' },
  { path: 'new.yaml', content: 'y: 1\nz: 2\n' },
];

test('files are told apart as changed, added and removed, with their lines', () => {
  expect(
    compareExports(before, after).map(({ path, change, linesAdded, linesRemoved }) => [
      path,
      change,
      linesAdded,
      linesRemoved,
    ]),
  ).toEqual([
    ['a.yaml', 'changed', 1, 1],
    ['gone.yaml', 'removed', 0, 1],
    ['new.yaml', 'added', 2, 0],
  ]);
  expect(compareExports(before, before).every(({ change }) => change === 'same')).toBe(true);
});

test('a change shows the line before and now, with their numbers', async () => {
  const rows = await changedLines('a.yaml', before[0]?.content ?? '', after[0]?.content ?? '');
  expect(
    rows.map(({ kind, before: old, now, tokens }) => [kind, old, now, tokens.map(({ text }) => text).join('')]),
  ).toEqual([
    ['removed', 1, null, 'replicas: 2'],
    ['added', null, 1, 'replicas: 3'],
    ['same', 2, 2, 'name: a'],
  ]);
});

test('changes far apart have a gap between them', async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `k${index}: 0`);
  const changed = lines.with(2, 'k2: 1').with(35, 'k35: 1');
  const rows = await changedLines('a.yaml', `${lines.join('\n')}\n`, `${changed.join('\n')}\n`);
  expect(rows.filter(({ kind }) => kind === 'gap')).toHaveLength(1);
  expect(rows.filter(({ kind }) => kind === 'added').map(({ now }) => now)).toEqual([3, 36]);
});

test('words have tones, and no text is lost', async () => {
  const content = '# why\nname: "a"\ncount: 3\n';
  const lines = await highlight('a.yaml', content);
  expect(`${lines.map((line) => line.map(({ text }) => text).join('')).join('\n')}\n`).toBe(content);
  const tone = (text: string) => lines.flat().find((token) => token.text.includes(text))?.tone;
  expect([tone('why'), tone('name'), tone('a"') ?? tone('a'), tone('3')]).toEqual(['comment', 'key', 'text', 'number']);
  expect(await wholeFile('NOTES.txt', 'plain\n')).toHaveLength(1);
});

test('the same files are the same archive, and come out of it as they went in', () => {
  expect(zipExport(after)).toEqual(zipExport(after));
  const entries = unzipSync(zipExport(after));
  expect(
    Object.fromEntries(Object.entries(entries).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])),
  ).toEqual(Object.fromEntries(after.map(({ path, content }) => [path, content])));
});

test('what was rendered is remembered, but not a failure, nor for ever', async () => {
  const empty: ExportResult = { files: [], findings: [], faults: [] };
  const render = vi.fn(async () => empty);
  const remembered = rememberRendered(render, 2);
  const request = (replicas: string) => ({ targets: ['helm' as const], options: { replicas } });
  await remembered(request('2'));
  await remembered(request('2'));
  expect(render).toHaveBeenCalledTimes(1);
  await remembered(request('3'));
  await remembered(request('4'));
  await remembered(request('2'));
  expect(render).toHaveBeenCalledTimes(4);
  render.mockRejectedValueOnce(new Error('away'));
  await expect(remembered(request('5'))).rejects.toThrow('away');
  expect(await remembered(request('5'))).toEqual(empty);
});
