import { expect, test } from 'vitest';
import { products } from '#contracts/seed/products.ts';
import { createLexicalEmbedder } from '../embedding/lexical-embedder.ts';
import { bestSentence, textOf } from './catalogue.ts';
import { createSearchEngine } from './search-engine.ts';
import { createSpelling } from './spelling.ts';
import { createVectorIndex } from './vector-index.ts';

const embedder = createLexicalEmbedder(products.map(textOf));
const never = new AbortController().signal;
const { vectors } = await embedder.embed(products.map(textOf), never);
const index = createVectorIndex(new Map(products.map(({ sku }, row) => [sku, vectors[row] ?? new Float32Array()])));
const engine = createSearchEngine(products, index);
const correct = createSpelling(products.map(textOf));

async function search(query: string, limit = 3): Promise<string[]> {
  const corrected = correct(query);
  const [vector] = (await embedder.embed([corrected], never)).vectors;
  return (await engine.search(corrected, vector ?? null, limit)).map((hit) => hit.name);
}

test.each([
  ['lamp for reading at night', 'Nocturne clip-on reading light'],
  ['something to brew coffee', 'Kyoto pour-over coffee set'],
  ['gift for a child who likes puzzles', 'Junior brain-teaser box'],
  ['headphnes for the train', 'Stillness noise-cancelling headphones'],
  ['luggage for a short flight', 'Nomad carry-on suitcase'],
  ['chair for back pain', 'Contour ergonomic chair'],
  ['play records', 'Orbit turntable'],
  ['bread baking book', 'Bread, Patiently'],
  ['crime novel', 'Night Train to Trieste'],
  ['knife', "Santoku chef's knife"],
  ['camping in the mountains', 'Two-person trekking tent'],
  ['sharp tool for cutting roses', 'Bypass pruning shears'],
])('"%s" finds %s among the first three', async (query, expected) => {
  expect(await search(query)).toContain(expected);
});

test('the first hits for a lamp are lamps', async () => {
  const [vector] = (await embedder.embed(['lamp'], never)).vectors;
  const categories = (await engine.search('lamp', vector ?? null, 4)).map((hit) => hit.category);
  expect(categories).toEqual(['lighting', 'lighting', 'lighting', 'lighting']);
});

test('words that mean nothing here find nothing', async () => {
  expect(await search('xqzzt vlorb')).toEqual([]);
  expect(await search('please something for me')).toEqual([]);
});

test('keywords alone still answer while there are no vectors', async () => {
  const hits = await createSearchEngine(products, null).search('espresso', null, 5);
  expect(hits[0]?.name).toBe('Barista stovetop espresso maker');
  expect(hits.every((hit) => hit.score > 0 && hit.score <= 1)).toBe(true);
});

test('recommends neighbours and never what is already in the basket', async () => {
  const hits = await engine.recommend(['KITCHEN-001', 'NOPE-1'], 3);
  expect(hits.map((hit) => hit.name)).toContain('Barista stovetop espresso maker');
  expect(hits.map((hit) => hit.sku)).not.toContain('KITCHEN-001');
});

test('the same question always gets the same answer', async () => {
  expect(await search('quiet gift for the office', 20)).toEqual(await search('quiet gift for the office', 20));
});

test('the snippet is the sentence that answers the query', () => {
  const text = 'A small amber reading light. Its narrow beam lets you read at night without waking anyone.';
  expect(bestSentence(text, 'night beam')).toContain('narrow beam');
  expect(bestSentence(text, 'nothing shared')).toContain('amber');
});
