import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../testing/temp-dir.ts';
import { Journal } from './journal.ts';

function replay(file: string): { entries: number[]; torn: number; journal: Journal<number> } {
  const entries: number[] = [];
  const journal = new Journal<number>(file);
  const torn = journal.replay((entry) => entries.push(entry));
  return { entries, torn, journal };
}

test('entries come back in order up to the first torn byte, at every cut', () => {
  const file = path.join(tempDir(), 'j');
  const { journal } = replay(file);
  journal.append([1, 2]);
  const two = fs.statSync(file).size;
  journal.append([333_333]);
  journal.close();
  const bytes = fs.readFileSync(file);
  for (let cut = two; cut < bytes.length; cut++) {
    fs.writeFileSync(file, bytes.subarray(0, cut));
    const again = replay(file);
    expect(again.entries).toEqual([1, 2]);
    expect(again.torn).toBe(cut - two);
    again.journal.append([4]);
    again.journal.close();
    expect(replay(file).entries).toEqual([1, 2, 4]);
  }
});

test('a zero-filled tail, as a power cut leaves it, is cut off', () => {
  const file = path.join(tempDir(), 'j');
  const { journal } = replay(file);
  journal.append([1]);
  journal.close();
  fs.appendFileSync(file, Buffer.alloc(64));
  expect(replay(file)).toMatchObject({ entries: [1], torn: 64 });
});

test('a rewrite keeps the present state and later entries', () => {
  const file = path.join(tempDir(), 'j');
  const { journal } = replay(file);
  for (let i = 0; i < 100; i++) journal.append([i]);
  journal.rewrite([99]);
  journal.append([100]);
  journal.close();
  expect(replay(file).entries).toEqual([99, 100]);
});
