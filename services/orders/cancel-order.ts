import { AppError } from '#contracts/errors.ts';
import type { Principal } from '#kit/auth.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { OrderState } from './order.ts';
import { type RecordFactDeps, recordFact } from './record-fact.ts';
import { findOrder } from './store.ts';

/**
 * Cancels an order for its customer or for staff; the order as it is after that, on its way to cancelled or there.
 * Cancelling twice changes nothing. Throws `not_found` for an unknown order or somebody else's, and `conflict` once it
 * is paid.
 */
export async function cancelOrder(
  deps: RecordFactDeps & { db: Database },
  principal: Principal,
  orderId: string,
): Promise<OrderState> {
  const order = await findOrder(deps.db, orderId);
  const staff = principal.roles.includes('operator');
  if (order === null || (!staff && order.customerId !== principal.subject)) {
    throw new AppError('not_found', `no order ${orderId}`);
  }
  const requestedBy = order.customerId === principal.subject ? ('customer' as const) : ('staff' as const);
  return deps.db.transaction((tx) =>
    recordFact(deps, tx, { orderId, fact: { type: 'cancellation_requested', requestedBy }, cause: null }),
  );
}
