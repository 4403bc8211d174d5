import type { Category, Product, SearchHit } from '#contracts/http/catalogue.ts';

export type Listed = {
  product: Product /** Why it is in the list; null when nothing was searched. */;
  hit: SearchHit | null;
};

/** Products to show: those that the search found, nearest first, or all; of one category where one is chosen. */
export function rankProducts(
  products: readonly Product[],
  hits: readonly SearchHit[] | null,
  category: Category | null,
): Listed[] {
  const bySku = new Map(products.map((product) => [product.sku, product]));
  const listed: Listed[] =
    hits === null
      ? products.map((product) => ({ product, hit: null }))
      : hits.flatMap((hit) => {
          const product = bySku.get(hit.sku);
          return product ? [{ product, hit }] : [];
        });
  return category === null ? listed : listed.filter(({ product }) => product.category === category);
}
