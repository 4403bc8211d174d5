import type { Price } from '#contracts/http/catalogue.ts';
import type { PriceList } from './basket.ts';

/** The price list in SKU order, or the part of it that a comma-separated filter names. */
export function selectPrices(prices: PriceList, skus: string | undefined): Price[] {
  const wanted = skus === undefined ? null : new Set(skus.split(',').map((sku) => sku.trim()));
  return [...prices.values()]
    .filter(({ sku }) => wanted === null || wanted.has(sku))
    .map(({ sku, price, version }) => ({ sku, price, version }));
}
