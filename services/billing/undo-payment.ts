import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { CancelReason } from '#contracts/http/orders.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { openPayment } from './payment.ts';
import { scheduleRefund } from './refunds/store.ts';
import { ensurePayment, findPayment, savePayment } from './store.ts';
import type { TakePaymentDeps } from './take-payment.ts';
import { decideUndo, voidedPayment } from './undo.ts';

export type UndoRequest = {
  order: Pick<EventData<'billing.undo'>, 'orderId' | 'customerId' | 'total' | 'payment'>;
  reason: CancelReason;
  cause: EventMetadata;
};

/**
 * Sees to it that no money of an order is held and none will be taken. Only records what is to be done: the provider is
 * asked by the refund loop, so that no transaction and no partition waits for it. Doing it again changes nothing.
 */
export async function undoPayment(
  deps: TakePaymentDeps,
  tx: Tx,
  { order, reason, cause }: UndoRequest,
  { log }: MessageContext,
): Promise<void> {
  const now = deps.now();
  const fresh = openPayment({ ...order, sagaId: cause.sagaId }, deps.newId());
  const voided = voidedPayment(fresh, reason);
  // Inserting first decides the race with a charge that begins at this moment: one of the two finds the other's row.
  const standing = await ensurePayment(tx, voided, now);
  const known = standing.id === voided.id ? null : await findPayment(tx, order.orderId, 'for update');
  const { orderId } = order;
  switch (decideUndo(known)) {
    case 'void':
      await enqueue(tx, {
        event: 'payment.voided',
        data: { orderId, paymentId: voided.id, reason },
        producer: deps.producer,
        orderId,
        aggregateType: 'payment',
        aggregateVersion: voided.version,
        cause,
      });
      tx.onCommit(() => log.info({ paymentId: voided.id, reason }, 'payment voided before it was made'));
      return;
    case 'await':
    case 'refund': {
      if (known === null) return;
      savePayment(tx, { ...known, undoReason: reason }, now);
      if (known.status === 'succeeded') scheduleRefund(tx, { paymentId: known.id, cause, now });
      tx.onCommit(() => log.info({ paymentId: known.id, reason, status: known.status }, 'payment is to be undone'));
      return;
    }
    case 'nothing':
      log.info({ status: known?.status, reason }, 'nothing to undo');
  }
}
