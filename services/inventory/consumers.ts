import { topics } from '#contracts/events/topics.ts';
import type { Handlers } from '#kit/kafka/handlers.ts';
import { commitStock } from './commit-stock.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';

/** Topics that inventory listens to. */
export const consumedTopics = [topics.orders, topics.billing];

/**
 * What inventory does about events. A cancelled order needs nothing: when stock was promised, payment.failed has
 * taken the promise back before the order could be cancelled.
 */
export function inventoryHandlers(producer: string): Handlers {
  return {
    'order.screened': (tx, event, context) => reserveStock(tx, event, producer, context),
    'payment.failed': (tx, event, context) => releaseStock(tx, event, producer, context),
    'order.confirmed': (tx, event, context) => commitStock(tx, event, producer, context),
  };
}
