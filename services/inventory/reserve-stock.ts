import type { EventOf } from '#contracts/events/registry.ts';
import { newId } from '#kit/ids.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { findShortages, mergeLines } from './stock.ts';
import { lockReservation, lockStock } from './store.ts';

/** `order.screened` (accepted): promises all lines of the order or none. Publishes inventory.reserved or inventory.rejected. */
export async function reserveStock(
  tx: Tx,
  { data, metadata }: EventOf<'order.screened'>,
  producer: string,
  context: MessageContext,
): Promise<void> {
  if (data.decision !== 'accept') return;
  const { orderId, customerId, items, total, payment } = data;
  const before = await lockReservation(tx, orderId);
  const lines = mergeLines(items);
  const levels =
    before.state === 'none'
      ? await lockStock(
          tx,
          lines.map((line) => line.sku),
        )
      : [];
  const shortages = findShortages(lines, levels);
  const decision = decide(before, { type: 'reserve', reservationId: newId(), lines, shortages });
  const applied = await applyDecision(tx, before, decision, context);
  if (applied === null) return;
  const common = {
    producer,
    orderId,
    aggregateType: 'reservation',
    aggregateVersion: applied.reservation.version,
    cause: metadata,
  };
  if (applied.event.type === 'reserved') {
    const { reservationId } = applied.event;
    const reservedAt = new Date().toISOString();
    await enqueue(tx, {
      ...common,
      event: 'inventory.reserved',
      data: { orderId, customerId, items, total, payment, reservationId, reservedAt },
    });
    tx.onCommit(() => context.log.info({ reservationId, lines: lines.length }, 'stock reserved'));
    return;
  }
  await enqueue(tx, { ...common, event: 'inventory.rejected', data: { orderId, shortages } });
  tx.onCommit(() => context.log.info({ shortages }, 'reservation rejected'));
}
