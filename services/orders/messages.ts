import { AppError } from '#contracts/errors.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { OrderState, PublishedOrderEvent } from './order.ts';

type Name = PublishedOrderEvent['type'];

/** Name and data of a published event, ready for the outbox. */
export type OrderMessage = { [N in Name]: { event: N; data: EventData<N> } }[Name];

/** What the world is told about an event; `order` is the state after it. Throws `internal` on a confirmation without a charge. */
export function toMessage(order: OrderState, event: PublishedOrderEvent): OrderMessage {
  const { id: orderId, customerId, total, lines, payment, updatedAt } = order;
  const payable = { orderId, customerId, items: lines.map(({ sku, qty }) => ({ sku, qty })), total, payment };
  switch (event.type) {
    case 'order.created': {
      const { quoteId, quoteSignature, sagaStyle, createdAt } = order;
      return { event: event.type, data: { ...payable, lines, quoteId, quoteSignature, sagaStyle, createdAt } };
    }
    case 'order.screened': {
      const { type, ...screening } = event;
      return { event: type, data: { ...payable, ...screening } };
    }
    case 'order.compensating':
      return { event: event.type, data: { orderId, reason: event.reason } };
    case 'order.confirmed': {
      const { chargeId } = order;
      if (chargeId === null) throw new AppError('internal', `order ${orderId} is confirmed without a charge`);
      return { event: event.type, data: { orderId, customerId, lines, total, chargeId, confirmedAt: updatedAt } };
    }
    case 'order.cancelled': {
      const { reason, detail } = event;
      return { event: event.type, data: { orderId, customerId, total, reason, detail, cancelledAt: updatedAt } };
    }
  }
}
