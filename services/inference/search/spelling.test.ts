import { expect, test } from 'vitest';
import { products } from '#contracts/seed/products.ts';
import { textOf } from './catalogue.ts';
import { createSpelling } from './spelling.ts';

const correct = createSpelling(products.map(textOf));

test.each([
  ['headphnes', 'headphone'],
  ['expresso machine', 'espresso machine'],
  ['jigsaw', 'jigsaw'],
  ['luggage', 'luggage'],
  ['xqzzt', 'xqzzt'],
])('reads "%s" as "%s"', (typed, meant) => {
  expect(correct(typed)).toBe(meant);
});
