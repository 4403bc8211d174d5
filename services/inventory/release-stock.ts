import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { lockReservation } from './store.ts';

export type ReleaseRequest = { orderId: string; reason: string; cause: EventMetadata };

/**
 * Puts promised goods back on the shelf. Publishes inventory.released, also when nothing had been
 * promised yet: then a tombstone refuses the reserve that comes late.
 */
export async function releaseStock(
  tx: Tx,
  { orderId, reason: why, cause }: ReleaseRequest,
  producer: string,
  context: MessageContext,
): Promise<void> {
  const before = await lockReservation(tx, orderId);
  const decision = decide(before, { type: 'release', reason: why });
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
    cause,
  });
  tx.onCommit(() => context.log.info({ reservationId, reason }, 'stock released'));
}
