import type { KnownEvent } from '#contracts/events/registry.ts';
import { isOrchestrated } from '#contracts/events/saga-style.ts';
import { topics } from '#contracts/events/topics.ts';
import { type Handlers, prepared, when } from '#kit/kafka/handlers.ts';
import type { Tx } from '#kit/postgres/database.ts';
import type { Fallback } from '#kit/resilience/fallback.ts';
import type { OrderFact } from './facts.ts';
import { type RecordFactDeps, recordFact } from './record-fact.ts';
import { type AskModel, screenOrder } from './screen-order.ts';

/** Topics that orders writes to: its events, and the commands of its sagas. */
export const publishedTopics = [
  topics.orders,
  topics.inventoryCommands,
  topics.billingCommands,
  topics.workersCommands,
];
/** Topics that orders listens to: its own too, where new orders and fired timers come from. */
export const consumedTopics = [topics.orders, topics.inventory, topics.billing, topics.workers];

/**
 * Each event of the fleet becomes a fact that the order learns; what follows is its style's to say. The model is asked
 * before the transaction opens; asked twice after a crash, which does no harm.
 */
export function orderHandlers(deps: RecordFactDeps & { askModel: AskModel; fallback: Fallback }): Handlers {
  const learn = async (tx: Tx, event: KnownEvent, fact: OrderFact) => {
    await recordFact(deps, tx, { orderId: event.data.orderId, fact, cause: event.metadata });
  };
  return {
    'order.created': prepared<'order.created', Awaited<ReturnType<typeof screenOrder>>>({
      prepare: (event, context) => screenOrder(deps, event, context),
      apply: (tx, event, score) => learn(tx, event, { type: 'screened', ...score }),
    }),
    'order.timed_out': (tx, event) =>
      learn(tx, event, { type: 'timed_out', timer: event.data.timer, attempt: event.data.attempt }),
    'inventory.reserved': (tx, event) =>
      learn(tx, event, { type: 'stock_reserved', reservationId: event.data.reservationId }),
    'inventory.rejected': (tx, event) => learn(tx, event, { type: 'stock_rejected', shortages: event.data.shortages }),
    'inventory.released': (tx, event) =>
      learn(tx, event, { type: 'stock_released', expired: event.data.expired ?? false }),
    'payment.succeeded': (tx, event) => learn(tx, event, { type: 'payment_succeeded', chargeId: event.data.chargeId }),
    'payment.failed': (tx, event) => learn(tx, event, { type: 'payment_failed', declineCode: event.data.declineCode }),
    'payment.voided': (tx, event) => learn(tx, event, { type: 'payment_undone' }),
    'payment.refunded': (tx, event) => learn(tx, event, { type: 'payment_undone' }),
    // After the sale only an orchestrator wants to know.
    'inventory.committed': when(isOrchestrated, (tx, event) => learn(tx, event, { type: 'stock_committed' })),
    'invoice.issued': when(isOrchestrated, (tx, event) => learn(tx, event, { type: 'invoice_issued' })),
    'notification.sent': when(isOrchestrated, (tx, event) =>
      learn(tx, event, { type: 'customer_notified', of: event.data.kind }),
    ),
  };
}
