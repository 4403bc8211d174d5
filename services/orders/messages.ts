import { AppError } from '#contracts/errors.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { OrderState, PublishedOrderEvent } from './order.ts';

/** The runbook that a stuck compensation names. */
export const stuckRunbook = 'docs/runbooks/stuck-compensation.md';

type Name = PublishedOrderEvent['type'];

/** Name and data of a published event, ready for the outbox. */
export type OrderMessage = { [N in Name]: { event: N; data: EventData<N> } }[Name];

/** What the world is told about an event; `order` is the state after it. Throws `internal` on a confirmation without a charge. */
export function toMessage(order: OrderState, event: PublishedOrderEvent): OrderMessage {
  const { id: orderId, customerId, total, lines, payment, sagaStyle, updatedAt } = order;
  const payable = { orderId, customerId, items: lines.map(({ sku, qty }) => ({ sku, qty })), total, payment };
  switch (event.type) {
    case 'order.created': {
      const { quoteId, quoteSignature, paymentDueAt, createdAt } = order;
      return {
        event: event.type,
        data: { ...payable, lines, quoteId, quoteSignature, sagaStyle, paymentDueAt, createdAt },
      };
    }
    case 'order.screened': {
      const { type, ...screening } = event;
      return { event: type, data: { ...payable, ...screening, sagaStyle } };
    }
    case 'order.cancellation_requested':
      return { event: event.type, data: { orderId, requestedBy: event.requestedBy } };
    case 'order.timed_out': {
      const { type, ...timer } = event;
      return { event: type, data: { orderId, ...timer } };
    }
    case 'order.compensating': {
      const { reason, attempt } = event;
      return { event: event.type, data: { orderId, reason, attempt, customerId, total, payment, sagaStyle } };
    }
    case 'order.compensation_stuck': {
      const { reason, waitingFor, attempts } = event;
      return { event: event.type, data: { orderId, reason, waitingFor, attempts, runbook: stuckRunbook } };
    }
    case 'order.confirmed': {
      const { chargeId } = order;
      if (chargeId === null) throw new AppError('internal', `order ${orderId} is confirmed without a charge`);
      return {
        event: event.type,
        data: { orderId, customerId, lines, total, chargeId, confirmedAt: updatedAt, sagaStyle },
      };
    }
    case 'order.cancelled': {
      const { reason } = event;
      const detail = `${event.detail} ${moneyDetail(order)}`;
      const about = { orderId, customerId, total, reason, detail, sagaStyle };
      return { event: event.type, data: { ...about, cancelledAt: updatedAt } };
    }
  }
}

/** What became of the customer's money, in a sentence for them. */
export function moneyDetail(order: Pick<OrderState, 'chargeId'>): string {
  return order.chargeId === null ? 'Your card has not been charged.' : 'What your card was charged has been refunded.';
}
