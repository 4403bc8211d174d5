import { isChoreographed } from '#contracts/events/saga-style.ts';
import { topics } from '#contracts/events/topics.ts';
import { type Handlers, sharing, when } from '#kit/kafka/handlers.ts';
import { commitStock } from './commit-stock.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

/** Topics that inventory listens to. */
export const consumedTopics = [topics.orders, topics.billing, topics.inventoryCommands];

/**
 * What inventory does: in a choreography by what has happened, in an orchestration only by what it is told. The same
 * use-cases behind both, and the same events afterwards. A cancelled order needs nothing: what was promised was taken
 * back before the order could be cancelled.
 */
export function inventoryHandlers({ producer, ttlMs }: { producer: string; ttlMs: number }): Handlers {
  return {
    'order.screened': when(
      isChoreographed,
      sharing(productsOf, async (tx, { data, metadata }, context) => {
        if (data.decision !== 'accept') return;
        await reserveStock(tx, { order: data, style: 'choreography', cause: metadata, ttlMs }, producer, context);
      }),
    ),
    'payment.failed': when(isChoreographed, (tx, { data, metadata }, context) => {
      const reason = `payment failed: ${data.declineCode}`;
      return releaseStock(tx, { orderId: data.orderId, reason, cause: metadata }, producer, context);
    }),
    'order.compensating': when(isChoreographed, (tx, { data: { orderId, reason }, metadata }, context) =>
      releaseStock(tx, { orderId, reason, cause: metadata }, producer, context),
    ),
    'order.confirmed': when(isChoreographed, (tx, { data: { orderId }, metadata }, context) =>
      commitStock(tx, { orderId, style: 'choreography', cause: metadata }, producer, context),
    ),
    'inventory.reserve': sharing(productsOf, (tx, { data, metadata }, context) =>
      reserveStock(tx, { order: data, style: 'orchestration', cause: metadata, ttlMs }, producer, context),
    ),
    'inventory.release': (tx, { data: { orderId, reason }, metadata }, context) =>
      releaseStock(tx, { orderId, reason, cause: metadata }, producer, context),
    'inventory.commit': (tx, { data: { orderId }, metadata }, context) =>
      commitStock(tx, { orderId, style: 'orchestration', cause: metadata }, producer, context),
  };
}

/** What is left of a product decides about the next order of it. */
function productsOf({ data }: { data: { items: readonly { sku: string }[] } }): string[] {
  return data.items.map(({ sku }) => sku);
}
