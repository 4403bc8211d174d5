import { topics } from '#contracts/events/topics.ts';
import { type Handlers, prepared } from '#kit/kafka/handlers.ts';
import { type RecordFactDeps, recordFact } from './record-fact.ts';
import { type AskModel, screenOrder } from './screen-order.ts';

/** Topics that orders writes to: its events, and the commands of its sagas. */
export const publishedTopics = [
  topics.orders,
  topics.inventoryCommands,
  topics.billingCommands,
  topics.workersCommands,
];
/** Topics that orders listens to. */
export const consumedTopics = [topics.orders, topics.inventory, topics.billing];

/**
 * The order's side of the choreography: each event of the fleet becomes a fact that the order learns. The model is
 * asked before the transaction opens; asked twice after a crash, which does no harm.
 */
export function orderHandlers(deps: RecordFactDeps & { askModel: AskModel }): Handlers {
  return {
    'order.created': prepared<'order.created', Awaited<ReturnType<typeof screenOrder>>>({
      prepare: (event, context) => screenOrder(deps.askModel, event, context),
      apply: (tx, { data, metadata }, score) =>
        recordFact(deps, tx, { orderId: data.orderId, fact: { type: 'screened', ...score }, cause: metadata }),
    }),
    'inventory.reserved': (tx, { data: { orderId, reservationId }, metadata }) =>
      recordFact(deps, tx, { orderId, fact: { type: 'stock_reserved', reservationId }, cause: metadata }),
    'inventory.rejected': (tx, { data: { orderId, shortages }, metadata }) =>
      recordFact(deps, tx, { orderId, fact: { type: 'stock_rejected', shortages }, cause: metadata }),
    'inventory.released': (tx, { data: { orderId }, metadata }) =>
      recordFact(deps, tx, { orderId, fact: { type: 'stock_released' }, cause: metadata }),
    'payment.succeeded': (tx, { data: { orderId, chargeId }, metadata }) =>
      recordFact(deps, tx, { orderId, fact: { type: 'payment_succeeded', chargeId }, cause: metadata }),
    'payment.failed': (tx, { data: { orderId, declineCode }, metadata }) =>
      recordFact(deps, tx, { orderId, fact: { type: 'payment_failed', declineCode }, cause: metadata }),
  };
}
