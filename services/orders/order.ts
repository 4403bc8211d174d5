import { AppError } from '#contracts/errors.ts';
import type { CancelReason, OrderLine, OrderStatus, PaymentMethod, SagaStyle } from '#contracts/http/orders.ts';
import type { Money } from '#contracts/money.ts';
import type { OrderFact, Screening } from './facts.ts';

/**
 * The order as its owner holds it, whichever style its saga has. What follows from a fact is decided elsewhere
 * (choreography.ts, saga/saga.ts); `evolve` says what the order is after it, and that no step was illegal.
 */
export type OrderState = {
  id: string;
  customerId: string;
  status: OrderStatus;
  /** Number of events that this order has published; the next one carries version + 1, so they are gapless. */
  version: number;
  sagaId: string;
  sagaStyle: SagaStyle;
  lines: OrderLine[];
  total: Money;
  quoteId: string;
  quoteSignature: string;
  payment: PaymentMethod;
  reservationId: string | null;
  /** No stock is held: given back, or never had. Perhaps before we have heard why. */
  released: boolean;
  chargeId: string | null;
  /** Set as soon as the order is being undone. */
  cancelReason: CancelReason | null;
  /** Not paid by then: cancelled. */
  paymentDueAt: string;
  /** While undoing: no money of the customer is held or will be taken. */
  paymentSettled: boolean;
  /** Since when undoing makes no progress. */
  stuckSince: string | null;
  createdAt: string;
  updatedAt: string;
};

export type Participant = 'inventory' | 'billing';

/**
 * What happens to the order. The `order.*` ones are published; the others repeat what another service has already
 * published under its own name, so they change the state and stay inside.
 */
export type OrderEvent =
  | { type: 'order.created' }
  | ({ type: 'order.screened' } & Screening)
  | { type: 'reservation_noted'; reservationId: string }
  | { type: 'release_noted' }
  | { type: 'payment_noted'; chargeId: string }
  /** The money came when the order was being undone already: it goes back. */
  | { type: 'late_payment_noted'; chargeId: string }
  | { type: 'payment_settled' }
  | { type: 'order.confirmed' }
  | { type: 'order.cancellation_requested'; requestedBy: 'customer' | 'staff' }
  | { type: 'order.timed_out'; timer: string; attempt: number; dueAt: string }
  | { type: 'order.compensating'; reason: CancelReason; attempt: number }
  | { type: 'order.compensation_stuck'; reason: CancelReason; waitingFor: Participant[]; attempts: number }
  | { type: 'order.cancelled'; reason: CancelReason; detail: string };

export type PublishedOrderEvent = Extract<OrderEvent, { type: `order.${string}` }>;

export function isPublished(event: OrderEvent): event is PublishedOrderEvent {
  return event.type.startsWith('order.');
}

/**
 * Where an order may go from each status. Skipping `reserved` is legal: a payment proves the reservation. There is no
 * way back from `paid`: the charge is the pivot, after it a saga only goes forward.
 */
export const legalTransitions: Record<OrderStatus, readonly OrderStatus[]> = {
  created: ['screened', 'cancelled'],
  screened: ['reserved', 'paid', 'compensating', 'cancelled'],
  reserved: ['paid', 'compensating'],
  paid: ['confirmed'],
  confirmed: [],
  compensating: ['cancelled'],
  cancelled: [],
};

/** The order after an event that happened at `at` (UTC ISO-8601). Throws `internal` on a transition that is not legal. */
export function evolve(order: OrderState, event: OrderEvent, at: string): OrderState {
  const next = { ...order, updatedAt: at, version: isPublished(event) ? order.version + 1 : order.version };
  switch (event.type) {
    case 'order.created':
    case 'order.cancellation_requested':
    case 'order.timed_out':
      return next;
    case 'order.screened':
      return { ...next, status: move(order, 'screened') };
    case 'reservation_noted':
      return {
        ...next,
        reservationId: event.reservationId,
        status: order.status === 'screened' ? move(order, 'reserved') : order.status,
      };
    case 'release_noted':
      return { ...next, released: true };
    case 'payment_noted':
      return { ...next, chargeId: event.chargeId, status: move(order, 'paid') };
    case 'late_payment_noted':
      return { ...next, chargeId: event.chargeId };
    case 'payment_settled':
      return { ...next, paymentSettled: true };
    case 'order.confirmed':
      return { ...next, status: move(order, 'confirmed') };
    case 'order.compensating':
      // Told again when undoing takes long; that is no second transition.
      return order.status === 'compensating'
        ? next
        : { ...next, status: move(order, 'compensating'), cancelReason: event.reason };
    case 'order.compensation_stuck':
      return { ...next, stuckSince: at };
    case 'order.cancelled':
      return { ...next, status: move(order, 'cancelled'), cancelReason: event.reason, stuckSince: null };
  }
}

/** Who has not said that its part is undone. */
export function waitingFor(order: Pick<OrderState, 'released' | 'paymentSettled'>): Participant[] {
  return [...(order.released ? [] : ['inventory' as const]), ...(order.paymentSettled ? [] : ['billing' as const])];
}

function move(order: OrderState, to: OrderStatus): OrderStatus {
  if (legalTransitions[order.status].includes(to)) return to;
  throw new AppError('internal', `order ${order.id} cannot go from ${order.status} to ${to}`);
}

/** A fact that cannot be true beside what is known: refused, never silently dropped. */
export function contradiction(order: OrderState, fact: OrderFact): AppError {
  return new AppError('conflict', `order ${order.id} is ${order.status}: ${fact.type} cannot be true of it`, {
    details: { orderId: order.id, status: order.status, fact: fact.type },
  });
}
