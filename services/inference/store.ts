import { FraudScore } from '#contracts/http/fraud.ts';
import type { Queryable } from '#kit/postgres/database.ts';

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
