import { Category, type StockItem } from '#contracts/http/catalogue.ts';
import type { Queryable } from '#kit/postgres/database.ts';
import { readStock, type StockRow } from './store.ts';

/** Products with their stock, in SKU order; unknown SKUs of the filter are simply not there. */
export async function listStockItems(
  db: Queryable,
  filter: { category?: Category; skus?: string },
): Promise<StockItem[]> {
  const skus = filter.skus === undefined ? null : filter.skus.split(',').map((sku) => sku.trim());
  return (await readStock(db, { category: filter.category ?? null, skus })).map(toStockItem);
}

export function toStockItem(row: StockRow): StockItem {
  return {
    sku: row.sku,
    name: row.name,
    description: row.description,
    category: Category.parse(row.category),
    onHand: row.on_hand,
    reserved: row.reserved,
    available: row.on_hand - row.reserved,
  };
}
