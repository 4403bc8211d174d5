import { AppError } from '#contracts/errors.ts';
import type { StockItem } from '#contracts/http/catalogue.ts';
import type { Database } from '#kit/postgres/database.ts';
import { toStockItem } from './list-stock.ts';
import { addStock } from './store.ts';

/** Adds pieces to the shelf, with a line in the ledger. Throws `not_found` for an unknown SKU. */
export async function restockProduct(db: Database, sku: string, qty: number, reason: string): Promise<StockItem> {
  const row = await db.transaction((tx) => addStock(tx, sku, qty, reason));
  if (row === null) throw new AppError('not_found', `no product has the SKU ${sku}`, { details: { sku } });
  return toStockItem(row);
}
