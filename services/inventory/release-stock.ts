import type { EventOf } from '#contracts/events/registry.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { lockReservation } from './store.ts';

/**
 * `payment.failed`: puts promised goods back on the shelf. Publishes inventory.released, also when nothing had been
 * promised yet: then a tombstone refuses the reserve that comes late.
 */
export async function releaseStock(
  tx: Tx,
  { data, metadata }: EventOf<'payment.failed'>,
  producer: string,
  context: MessageContext,
): Promise<void> {
  const { orderId } = data;
  const before = await lockReservation(tx, orderId);
  const decision = decide(before, { type: 'release', reason: `payment failed: ${data.declineCode}` });
  const applied = await applyDecision(tx, before, decision, context);
  if (applied?.event.type !== 'released') return;
  const { reservationId, reason } = applied.event;
  await enqueue(tx, {
    event: 'inventory.released',
    data: { orderId, reservationId, reason },
    producer,
    orderId,
    aggregateType: 'reservation',
    aggregateVersion: applied.reservation.version,
    cause: metadata,
  });
  tx.onCommit(() => context.log.info({ reservationId, reason }, 'stock released'));
}
