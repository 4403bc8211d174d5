import type { Database } from '#kit/postgres/database.ts';
import { createVectorIndex } from '../search/vector-index.ts';
import type { KnownVector, VectorStore } from './vector-store.ts';

/** Keeps vectors as bytes, so that a restart embeds nothing; they are read once and searched in memory. */
export function createBytesStore(db: Pick<Database, 'query' | 'transaction'>): VectorStore {
  return {
    name: 'memory',
    async known(model) {
      const { rows } = await db.query<KnownVector>(
        'select sku, text_hash as "textHash", dims from product_vectors where model = $1 order by sku',
        [model],
      );
      return rows;
    },
    async replace(model, skus, fresh) {
      await db.transaction(async (tx) => {
        await tx.query('delete from product_vectors where model = $1 and not sku = any($2::text[])', [model, skus]);
        await tx.query(
          `insert into product_vectors (sku, model, dims, vector, text_hash)
           select sku, $1::text, dims, vector, text_hash
             from unnest($2::text[], $3::integer[], $4::bytea[], $5::text[]) as v(sku, dims, vector, text_hash)
           on conflict (sku, model) do update
              set dims = excluded.dims, vector = excluded.vector, text_hash = excluded.text_hash, updated_at = now()`,
          [
            model,
            fresh.map(({ sku }) => sku),
            fresh.map(({ vector }) => vector.length),
            fresh.map(({ vector }) => toBytes(vector)),
            fresh.map(({ textHash }) => textHash),
          ],
        );
      });
      const { rows } = await db.query<{ sku: string; vector: Buffer }>(
        'select sku, vector from product_vectors where model = $1 order by sku',
        [model],
      );
      return createVectorIndex(new Map(rows.map(({ sku, vector }) => [sku, fromBytes(vector)])));
    },
  };
}

/** Little-endian float32, whatever the machine. */
export function toBytes(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes;
}

export function fromBytes(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}
