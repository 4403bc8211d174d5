import { AppError } from '#contracts/errors.ts';
import { type EventOf, makeEvent } from '#contracts/events/registry.ts';
import type { OrderState, PublishedOrderEvent } from './order.ts';

export type OrderMessage = EventOf<PublishedOrderEvent['type']>;

export type Cause = {
  /** Id of the new message, UUIDv7. */
  messageId: string;
  /** The message that led to it; null when a person did. */
  causationId: string | null;
  producer: string;
};

/** The published form of what has just happened to `order` (the state after the event, so its version is the event's). */
export function toMessage(order: OrderState, event: PublishedOrderEvent, cause: Cause): OrderMessage {
  const metadata = {
    id: cause.messageId,
    occurredAt: order.updatedAt,
    correlationId: order.id,
    causationId: cause.causationId,
    sagaId: order.sagaId,
    aggregateVersion: order.version,
    producer: cause.producer,
  };
  const { id: orderId, customerId, total, lines, payment } = order;
  const items = lines.map(({ sku, qty }) => ({ sku, qty }));
  switch (event.type) {
    case 'order.created': {
      const { quoteId, quoteSignature, sagaStyle, createdAt } = order;
      const data = { orderId, customerId, items, total, payment, lines, quoteId, quoteSignature, sagaStyle, createdAt };
      return makeEvent('order.created', data, metadata);
    }
    case 'order.screened': {
      const { score, decision, model, reasons } = event;
      const data = { orderId, customerId, items, total, payment, score, decision, model, reasons };
      return makeEvent('order.screened', data, metadata);
    }
    case 'order.compensating':
      return makeEvent('order.compensating', { orderId, reason: event.reason }, metadata);
    case 'order.confirmed': {
      const { chargeId } = order;
      if (chargeId === null) throw new AppError('internal', `order ${orderId} is confirmed without a charge`);
      const data = { orderId, customerId, lines, total, chargeId, confirmedAt: order.updatedAt };
      return makeEvent('order.confirmed', data, metadata);
    }
    case 'order.cancelled': {
      const { reason, detail } = event;
      return makeEvent(
        'order.cancelled',
        { orderId, customerId, total, reason, detail, cancelledAt: order.updatedAt },
        metadata,
      );
    }
  }
}
