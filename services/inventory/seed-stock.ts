import type { SeedProduct } from '#contracts/seed/product.ts';
import type { Queryable } from '#kit/postgres/database.ts';

/** Puts the demo catalogue on the shelves, each product once in the life of the database. Returns how many were new. */
export async function seedStock(db: Queryable, products: readonly SeedProduct[]): Promise<number> {
  const { rowCount } = await db.query(
    `insert into stock (sku, name, description, category, initial, on_hand)
     select sku, name, description, category, initial, initial
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[])
         as seed(sku, name, description, category, initial)
     on conflict (sku) do nothing`,
    [
      products.map((product) => product.sku),
      products.map((product) => product.name),
      products.map((product) => product.description),
      products.map((product) => product.category),
      products.map((product) => product.initialStock),
    ],
  );
  return rowCount;
}
