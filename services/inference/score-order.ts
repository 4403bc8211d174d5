import type { FraudRequest, FraudScore } from '#contracts/http/fraud.ts';
import type { Logger } from '#kit/logger.ts';
import type { Queryable } from '#kit/postgres/database.ts';
import { featuresOf, scoreFeatures } from './fraud/fraud-model.ts';
import { insertScore, readScoreHistory } from './store.ts';

/** Scores an order once: asked again about the same order, it answers what it answered first. */
export async function scoreOrder(db: Queryable, order: FraudRequest, log: Logger): Promise<FraudScore> {
  const { earlier, recentOrders } = await readScoreHistory(db, order.orderId, order.customerId);
  if (earlier !== null) return earlier;
  const scored = scoreFeatures(featuresOf(order, recentOrders));
  const { orderId, customerId, total } = order;
  const kept = await insertScore(
    db,
    { orderId, customerId, totalMinor: total.amountMinor, currency: total.currency },
    scored,
  );
  if (!kept) return (await readScoreHistory(db, orderId, customerId)).earlier ?? scored;
  log.info({ orderId, score: scored.score, decision: scored.decision, reasons: scored.reasons }, 'order scored');
  return scored;
}
