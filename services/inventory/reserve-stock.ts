import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { newId } from '#kit/ids.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { applyDecision } from './apply-decision.ts';
import { decide } from './reservation.ts';
import { findShortages, mergeLines } from './stock.ts';
import { lockReservation, lockStock } from './store.ts';

export type ReserveRequest = {
  /** How long the promise holds when nothing is heard of the order, milliseconds. */
  ttlMs: number;
  order: Pick<EventData<'inventory.reserve'>, 'orderId' | 'customerId' | 'items' | 'total' | 'payment'>;
  style: SagaStyle;
  cause: EventMetadata;
};

/** Promises all lines of an order or none. Publishes inventory.reserved or inventory.rejected. */
export async function reserveStock(
  tx: Tx,
  { order, style, cause, ttlMs }: ReserveRequest,
  producer: string,
  context: MessageContext,
): Promise<void> {
  const { orderId, customerId, items, total, payment } = order;
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
  const promise = { ttlMs, cause: { id: cause.id, sagaId: cause.sagaId } };
  const applied = await applyDecision(tx, before, decision, context, promise);
  if (applied === null) return;
  const common = {
    producer,
    orderId,
    aggregateType: 'reservation',
    aggregateVersion: applied.reservation.version,
    cause,
  };
  if (applied.event.type === 'reserved') {
    const { reservationId } = applied.event;
    const reservedAt = new Date().toISOString();
    await enqueue(tx, {
      ...common,
      event: 'inventory.reserved',
      data: { orderId, customerId, items, total, payment, reservationId, reservedAt, sagaStyle: style },
    });
    tx.onCommit(() => context.log.info({ reservationId, lines: lines.length }, 'stock reserved'));
    return;
  }
  await enqueue(tx, { ...common, event: 'inventory.rejected', data: { orderId, shortages } });
  tx.onCommit(() => context.log.info({ shortages }, 'reservation rejected'));
}
