import type { Database } from '#kit/postgres/database.ts';
import type { Ranked } from '../search/hybrid.ts';
import { checkDims, type VectorIndex } from '../search/vector-index.ts';
import type { KnownVector, VectorStore } from './vector-store.ts';

type Queries = Pick<Database, 'query' | 'transaction'>;

/** Keeps vectors in pgvector's own type and lets Postgres find the nearest: nothing of them is in this process. */
export function createPgvectorStore(db: Queries, version: string): VectorStore {
  return {
    name: `pgvector ${version}`,
    async known(model) {
      const { rows } = await db.query<KnownVector>(
        `select sku, text_hash as "textHash", vector_dims(embedding) as dims
           from product_embeddings where model = $1 order by sku`,
        [model],
      );
      return rows;
    },
    async replace(model, skus, fresh) {
      await db.transaction(async (tx) => {
        await tx.query('delete from product_embeddings where model = $1 and not sku = any($2::text[])', [model, skus]);
        await tx.query(
          `insert into product_embeddings (sku, model, embedding, text_hash)
           select sku, $1::text, embedding::vector, text_hash
             from unnest($2::text[], $3::text[], $4::text[]) as v(sku, embedding, text_hash)
           on conflict (model, sku) do update
              set embedding = excluded.embedding, text_hash = excluded.text_hash, updated_at = now()`,
          [
            model,
            fresh.map(({ sku }) => sku),
            fresh.map(({ vector }) => literal(vector)),
            fresh.map(({ textHash }) => textHash),
          ],
        );
      });
      const { rows } = await db.query<{ size: number; dims: number | null }>(
        'select count(*)::int as size, max(vector_dims(embedding)) as dims from product_embeddings where model = $1',
        [model],
      );
      return pgvectorIndex(db, model, rows[0]?.dims ?? 0, rows[0]?.size ?? 0);
    },
  };
}

/** Cosine similarity; with a vector of zeros, which has no direction, it is 0 and not NaN. */
const cosine = (a: string, b: string) => `coalesce(nullif(1 - (${a} <=> ${b}), 'NaN'), 0)`;

function pgvectorIndex(db: Queries, model: string, dims: number, size: number): VectorIndex {
  return {
    dims,
    size,
    async near(query, { atLeast, limit, also }) {
      checkDims(query, dims);
      const { rows } = await db.query<Ranked>(
        `with cosines as materialized (
           select sku as key, ${cosine('embedding', '$2::vector')} as score from product_embeddings where model = $1
         )
         (select key, score from cosines where score >= $3 order by score desc, key collate "C" limit $4)
         union
         select key, score from cosines where key = any($5::text[])`,
        [model, literal(query), atLeast, limit, also],
      );
      return new Map(rows.map(({ key, score }) => [key, score]));
    },
    async nearToAll(keys, limit) {
      const { rows } = await db.query<Ranked>(
        `select other.sku as key, greatest(0, avg(${cosine('other.embedding', 'known.embedding')})) as score
           from product_embeddings other join product_embeddings known on known.model = other.model
          where other.model = $1 and known.sku = any($2::text[]) and not other.sku = any($2::text[])
          group by other.sku order by score desc, other.sku collate "C" limit $3`,
        [model, keys, limit],
      );
      return rows;
    },
  };
}

/** pgvector's way to write a vector. A float32 has an exact decimal, so nothing is lost. */
function literal(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}
