import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { type ChangeOrderDeps, changeOrder } from './change-order.ts';
import { decide } from './choreography.ts';
import type { OrderFact } from './facts.ts';
import type { OrderState } from './order.ts';
import { advanceSaga } from './saga/advance-saga.ts';
import { lockOrder } from './store.ts';

export type RecordFactDeps = ChangeOrderDeps;

/**
 * Lets an order learn a fact, in the caller's transaction: lock, decide by the order's style, store, announce through
 * the outbox. Nothing happens when the fact was known. Throws `not_found` for an order that we never made and `conflict`
 * for a fact that contradicts what is known; neither gets better by retrying. Returns the order after it.
 */
export async function recordFact(
  deps: RecordFactDeps,
  tx: Tx,
  { orderId, fact, cause }: { orderId: string; fact: OrderFact; cause: EventMetadata | null },
): Promise<OrderState> {
  const order = await lockOrder(tx, orderId);
  if (order.sagaStyle === 'orchestration') return advanceSaga(deps, tx, order, fact, cause);
  return changeOrder(deps, tx, order, decide(order, fact), cause);
}
