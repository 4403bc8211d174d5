import { expect, test } from 'vitest';
import type { Product, SearchHit } from '#contracts/http/catalogue.ts';
import { rankProducts } from './rank-products.ts';

const products = [
  { sku: 'A-1', category: 'audio' },
  { sku: 'B-1', category: 'books' },
] as Product[];
const hit = (sku: string) => ({ sku }) as SearchHit;
const skus = (...given: Parameters<typeof rankProducts>) => rankProducts(...given).map(({ product }) => product.sku);

test('without a search the whole catalogue, with one the nearest first', () => {
  expect(skus(products, null, null)).toEqual(['A-1', 'B-1']);
  expect(skus(products, [hit('B-1'), hit('A-1')], null)).toEqual(['B-1', 'A-1']);
  expect(skus(products, [hit('B-1'), hit('A-1')], 'audio')).toEqual(['A-1']);
});

test('a hit that the catalogue does not know is left out', () => {
  expect(skus(products, [hit('C-1')], null)).toEqual([]);
});
