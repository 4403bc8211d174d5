import { Currency } from '#contracts/money.ts';
import type { SeedProduct } from '#contracts/seed/product.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import type { CataloguePrice, PriceList } from './basket.ts';

/** The newest version of every price, by SKU. */
export async function readPriceList(db: Queryable): Promise<PriceList> {
  const { rows } = await db.query<{
    sku: string;
    name: string;
    version: number;
    amount_minor: number;
    currency: string;
  }>(
    `select distinct on (p.sku) p.sku, products.name, p.version, p.amount_minor, p.currency
       from prices p join products using (sku) where p.valid_from <= now() order by p.sku, p.version desc`,
  );
  return new Map(
    rows.map((row): [string, CataloguePrice] => [
      row.sku,
      {
        sku: row.sku,
        name: row.name,
        version: row.version,
        price: { amountMinor: row.amount_minor, currency: Currency.parse(row.currency) },
      },
    ]),
  );
}

/** Puts the demo catalogue into the price list, each product once in the life of the database. Returns how many were new. */
export async function seedPrices(tx: Tx, products: readonly SeedProduct[]): Promise<number> {
  const skus = products.map((product) => product.sku);
  await tx.query(
    'insert into products (sku, name) select * from unnest($1::text[], $2::text[]) on conflict (sku) do nothing',
    [skus, products.map((product) => product.name)],
  );
  const { rowCount } = await tx.query(
    `insert into prices (sku, version, amount_minor, currency)
     select sku, 1, amount_minor, currency from unnest($1::text[], $2::bigint[], $3::text[]) as seed(sku, amount_minor, currency)
     on conflict (sku, version) do nothing`,
    [skus, products.map((product) => product.price.amountMinor), products.map((product) => product.price.currency)],
  );
  return rowCount;
}
