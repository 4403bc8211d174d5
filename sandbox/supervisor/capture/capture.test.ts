import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLineSplitter } from './line-splitter.ts';
import { Ring } from './ring.ts';
import { RotatedFile } from './rotated-file.ts';

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return lines;
}

test('lines come whole, whatever the chunks', () => {
  expect(split('on', 'e\ntw', 'o\r\n\nthree')).toEqual(['one', 'two', 'three']);
});

test('a character that is cut between two chunks stays one', () => {
  const bytes = Buffer.from('größe\n');
  expect(split(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größe']);
});

test('a line without end is cut, so that memory is bounded', () => {
  expect(split('x'.repeat(70_000)).map((line) => line.length)).toEqual([65_536, 4_464]);
});

test('the ring keeps the newest', () => {
  const ring = new Ring<number>(3);
  for (let index = 1; index <= 5; index += 1) ring.push(index);
  expect(ring.last(10)).toEqual([3, 4, 5]);
  expect(ring.last(2)).toEqual([4, 5]);
  expect(new Ring<number>(3).last(2)).toEqual([]);
});

test('a full file is moved aside and only so many are kept', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'orrery-log-'));
  const log = new RotatedFile(path.join(directory, 'a.log'), { maxBytes: 10, keep: 2 });
  for (const line of ['first one', 'second one', 'third one', 'fourth one']) {
    log.write(line);
    log.flush();
  }
  expect((await readdir(directory)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
  expect(await readFile(path.join(directory, 'a.log'), 'utf8')).toBe('fourth one\n');
  expect(await readFile(path.join(directory, 'a.log.2'), 'utf8')).toBe('second one\n');
  await rm(directory, { recursive: true });
});
