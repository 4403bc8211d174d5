import type { Refund } from '#contracts/http/payments.ts';
import type { Money } from '#contracts/money.ts';
import { decideRefund } from './charge.ts';
import type { ProviderDeps } from './create-charge.ts';
import { oncePerKey } from './once-per-key.ts';
import { insertRefund, lockCharge } from './store.ts';

/**
 * Refunds a charge, whole or in part, once per idempotency key. Throws `not_found`, or `unprocessable` when more
 * would go back than was captured.
 */
export async function createRefund(
  request: { chargeId: string; amount: Money },
  key: string,
  { database, log, now, newId }: Pick<ProviderDeps, 'database' | 'log' | 'now' | 'newId'>,
): Promise<Refund> {
  const { answer, replayed } = await oncePerKey(
    database,
    { key, operation: 'refund', body: request },
    now,
    async (tx) => {
      const charge = await lockCharge(tx, request.chargeId);
      const { refund, movement } = decideRefund(charge, request.amount, { id: `re_${newId()}`, at: now() });
      insertRefund(tx, refund, movement);
      return { ...refund, orderId: charge.reference };
    },
  );
  const { orderId, ...refund } = answer;
  log.info({ orderId, chargeId: refund.chargeId, refundId: refund.id, replayed }, 'refund decided');
  return refund;
}
