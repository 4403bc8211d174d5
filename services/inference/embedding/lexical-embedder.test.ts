import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { characterGrams, embedLexically, lexicalDims, rarityIn } from './lexical-embedder.ts';
import { stem, words } from './words.ts';

const rarity = rarityIn(['a lamp for the desk', 'a lamp for the garden', 'a coffee mill']);
const embed = (text: string) => embedLexically(text, rarity);
const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

test('every text becomes a unit vector, or zero when it says nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const vector = embed(text);
      expect(vector).toHaveLength(lexicalDims);
      expect(Math.hypot(...vector)).toBeCloseTo(words(text).length === 0 ? 0 : 1, 5);
    }),
  );
});

test('the vector of a text is pinned: another one needs a new model id', () => {
  const vector = embed('A warm lamp for reading at night');
  expect(createHash('sha256').update(Buffer.from(vector.buffer)).digest('hex').slice(0, 16)).toBe('3e952937688d885f');
});

test('a typo stays nearer than another word', () => {
  expect(cosine(embed('headphones'), embed('headphnes'))).toBeGreaterThan(0.15);
  expect(cosine(embed('headphones'), embed('watering can'))).toBeLessThan(0.1);
});

test('case, accents and endings do not matter', () => {
  expect(words('Children’s PUZZLES, brewing café knives')).toEqual(['child', 'puzzle', 'brew', 'cafe', 'knife']);
  expect(['boxes', 'glass', 'running', 'stories', 'bus'].map(stem)).toEqual(['box', 'glass', 'run', 'story', 'bus']);
});

test('character n-grams mark the edges of a word', () => {
  expect(characterGrams('tea')).toEqual(['<te', 'tea', 'ea>', '<tea', 'tea>', '<tea>']);
});
