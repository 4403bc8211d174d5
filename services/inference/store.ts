import { FraudScore } from '#contracts/http/fraud.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';

/** A stored vector and what it was made from. */
export type StoredVector = { sku: string; textHash: string; vector: Float32Array };

export async function readVectors(db: Queryable, model: string): Promise<StoredVector[]> {
  const { rows } = await db.query<{ sku: string; text_hash: string; vector: Buffer }>(
    'select sku, text_hash, vector from product_vectors where model = $1 order by sku',
    [model],
  );
  return rows.map((row) => ({ sku: row.sku, textHash: row.text_hash, vector: fromBytes(row.vector) }));
}

/** Makes the stored vectors of a model exactly these: what is no longer in the catalogue goes (FAULTS.md L12). */
export async function replaceVectors(tx: Tx, model: string, vectors: readonly StoredVector[]): Promise<void> {
  const skus = vectors.map(({ sku }) => sku);
  await tx.query('delete from product_vectors where model = $1 and not sku = any($2)', [model, skus]);
  await tx.query(
    `insert into product_vectors (sku, model, dims, vector, text_hash)
     select sku, $1::text, dims, vector, text_hash
       from unnest($2::text[], $3::integer[], $4::bytea[], $5::text[]) as v(sku, dims, vector, text_hash)
     on conflict (sku, model) do update
        set dims = excluded.dims, vector = excluded.vector, text_hash = excluded.text_hash, updated_at = now()
      where product_vectors.text_hash <> excluded.text_hash or product_vectors.dims <> excluded.dims`,
    [
      model,
      skus,
      vectors.map(({ vector }) => vector.length),
      vectors.map(({ vector }) => toBytes(vector)),
      vectors.map(({ textHash }) => textHash),
    ],
  );
}

export type ScoreHistory = { earlier: FraudScore | null; recentOrders: number };

/** A score that was already given for the order, and how many other orders its customer placed within ten minutes. */
export async function readScoreHistory(db: Queryable, orderId: string, customerId: string): Promise<ScoreHistory> {
  const { rows } = await db.query<{ earlier: unknown; recent: number }>(
    `select (select json_build_object('score', score, 'decision', decision, 'model', model, 'reasons', reasons)
               from scored_orders where order_id = $1) as earlier,
            (select count(*) from (select 1 from scored_orders
                where customer_id = $2 and order_id <> $1 and scored_at > now() - interval '10 minutes'
                limit 1000) as counted) as recent`,
    [orderId, customerId],
  );
  const row = rows[0];
  return { earlier: row?.earlier ? FraudScore.parse(row.earlier) : null, recentOrders: row?.recent ?? 0 };
}

/** Keeps a score. False when the order got one meanwhile. */
export async function insertScore(
  db: Queryable,
  order: { orderId: string; customerId: string; totalMinor: number; currency: string },
  score: FraudScore,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into scored_orders (order_id, customer_id, total_minor, currency, score, decision, model, reasons)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (order_id) do nothing`,
    [
      order.orderId,
      order.customerId,
      order.totalMinor,
      order.currency,
      score.score,
      score.decision,
      score.model,
      score.reasons,
    ],
  );
  return rowCount === 1;
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
