import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { findShortages } from './stock.ts';
import { lockReservation, lockStock } from './store.ts';

export type CommitRequest = { orderId: string; style: SagaStyle; cause: EventMetadata };

/**
 * The order is sold: the promised goods leave the warehouse, or as many that are free when the promise ran out. Publishes
 * inventory.committed.
 */
export async function commitStock(
  tx: Tx,
  { orderId, style, cause }: CommitRequest,
  producer: string,
  context: MessageContext,
): Promise<void> {
  const before = await lockReservation(tx, orderId);
  const skus = before.lines.map(({ sku }) => sku);
  const shortages = before.state === 'expired' ? findShortages(before.lines, await lockStock(tx, skus)) : [];
  const applied = await applyDecision(tx, before, decide(before, { type: 'commit', shortages }), context);
  if (applied?.event.type !== 'committed') return;
  const { reservationId } = applied.event;
  await enqueue(tx, {
    event: 'inventory.committed',
    data: { orderId, reservationId, sagaStyle: style },
    producer,
    orderId,
    aggregateType: 'reservation',
    aggregateVersion: applied.reservation.version,
    cause,
  });
  tx.onCommit(() => context.log.info({ reservationId }, 'stock committed'));
}
