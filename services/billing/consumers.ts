import { isChoreographed } from '#contracts/events/saga-style.ts';
import { topics } from '#contracts/events/topics.ts';
import { type Handlers, when } from '#kit/kafka/handlers.ts';
import { type TakePaymentDeps, takePayment } from './take-payment.ts';
import { undoPayment } from './undo-payment.ts';

/** Topics that billing listens to. */
export const consumedTopics = [topics.inventory, topics.orders, topics.billingCommands];

/** In a choreography billing acts by what has happened, in an orchestration only by what it is told. */
export function consumers(deps: TakePaymentDeps): Handlers {
  return {
    'inventory.reserved': when(isChoreographed, takePayment<'inventory.reserved'>(deps, 'choreography')),
    'billing.charge': takePayment<'billing.charge'>(deps, 'orchestration'),
    'order.compensating': when(isChoreographed, async (tx, { data, metadata: cause }, context) => {
      const { orderId, customerId, total, payment, reason } = data;
      // It was billing that has told of that. Version 1.0.0 knew no other reason and did not carry the rest.
      if (reason === 'payment_failed' || !customerId || !total || !payment) return;
      await undoPayment(deps, tx, { order: { orderId, customerId, total, payment }, reason, cause }, context);
    }),
    'billing.undo': (tx, { data, metadata: cause }, context) =>
      undoPayment(deps, tx, { order: data, reason: data.reason, cause }, context),
  };
}
