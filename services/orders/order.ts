import { AppError } from '#contracts/errors.ts';
import type { CancelReason, OrderLine, OrderStatus, PaymentMethod } from '#contracts/http/orders.ts';
import type { DeclineCode } from '#contracts/http/payments.ts';
import type { Money } from '#contracts/money.ts';

/**
 * The order as its owner holds it, and the rules of its life (choreography style).
 *
 * `decide` answers "what follows from this fact", `evolve` answers "what is the order after that". Facts come from
 * three topics, and nothing orders topics against each other, so a fact may overtake its own cause: a payment can be
 * read before the reservation that allowed it. The later fact implies the earlier one, which is then absorbed when it
 * comes. What cannot be true beside what we already know is refused with `conflict`, never silently dropped.
 */
export type OrderState = {
  id: string;
  customerId: string;
  status: OrderStatus;
  /** Number of events that this order has published; the next one carries version + 1, so they are gapless. */
  version: number;
  sagaId: string;
  sagaStyle: 'choreography' | 'orchestration';
  lines: OrderLine[];
  total: Money;
  quoteId: string;
  quoteSignature: string;
  payment: PaymentMethod;
  reservationId: string | null;
  /** Stock was given back, perhaps before we have heard why. */
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

export type Screening = { score: number; decision: 'accept' | 'reject'; model: string; reasons: string[] };
export type Shortage = { sku: string; requested: number; available: number };

/** What the rest of the fleet tells the order. */
export type OrderFact =
  | ({ type: 'screened' } & Screening)
  | { type: 'stock_reserved'; reservationId: string }
  | { type: 'stock_rejected'; shortages: Shortage[] }
  | { type: 'stock_released' }
  | { type: 'payment_succeeded'; chargeId: string }
  | { type: 'payment_failed'; declineCode: DeclineCode };

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
  | { type: 'order.confirmed' }
  | { type: 'order.compensating'; reason: CancelReason }
  | { type: 'order.cancelled'; reason: CancelReason; detail: string };

export type PublishedOrderEvent = Extract<OrderEvent, { type: `order.${string}` }>;

export function isPublished(event: OrderEvent): event is PublishedOrderEvent {
  return event.type.startsWith('order.');
}

/** Where an order may go from each status. Skipping `reserved` is legal: a payment proves the reservation. */
export const legalTransitions: Record<OrderStatus, readonly OrderStatus[]> = {
  created: ['screened'],
  screened: ['reserved', 'paid', 'compensating', 'cancelled'],
  reserved: ['paid', 'compensating'],
  paid: ['confirmed'],
  confirmed: [],
  compensating: ['cancelled'],
  cancelled: [],
};

/**
 * What follows from a fact: no event when it was known or implied already.
 * Throws `conflict` when the fact contradicts what is known (charged twice, reserved after "not enough stock", …).
 */
export function decide(order: OrderState, fact: OrderFact): OrderEvent[] {
  switch (fact.type) {
    case 'screened':
      return decideScreening(order, fact);
    case 'stock_reserved':
      return decideReservation(order, fact);
    case 'stock_rejected':
      return decideShortage(order, fact);
    case 'stock_released':
      return decideRelease(order, fact);
    case 'payment_succeeded':
      return decidePayment(order, fact);
    case 'payment_failed':
      return decideDecline(order, fact);
  }
}

type FactOf<T extends OrderFact['type']> = Extract<OrderFact, { type: T }>;

function decideScreening(order: OrderState, fact: FactOf<'screened'>): OrderEvent[] {
  if (order.status !== 'created') return [];
  const { score, decision, model, reasons } = fact;
  const screened: OrderEvent = { type: 'order.screened', score, decision, model, reasons };
  if (decision === 'accept') return [screened];
  const detail = 'The fraud check did not let this order through.';
  return [screened, { type: 'order.cancelled', reason: 'fraud_suspected', detail }];
}

function decideReservation(order: OrderState, fact: FactOf<'stock_reserved'>): OrderEvent[] {
  if (order.reservationId === fact.reservationId) return [];
  if (order.reservationId !== null) throw contradiction(order, fact);
  switch (order.status) {
    case 'screened':
    case 'reserved':
    case 'paid':
    case 'confirmed':
    case 'compensating':
      return [{ type: 'reservation_noted', reservationId: fact.reservationId }];
    case 'cancelled':
      // Terminal: the saga has already been undone, and the reservation with it.
      if (order.cancelReason === 'payment_failed') return [];
      throw contradiction(order, fact);
    case 'created':
      throw contradiction(order, fact);
  }
}

function decideShortage(order: OrderState, fact: FactOf<'stock_rejected'>): OrderEvent[] {
  if (order.status === 'cancelled' && order.cancelReason === 'out_of_stock') return [];
  if (order.status !== 'screened' || order.released) throw contradiction(order, fact);
  const skus = fact.shortages.map((shortage) => shortage.sku).join(', ');
  return [{ type: 'order.cancelled', reason: 'out_of_stock', detail: `There is not enough stock of ${skus}.` }];
}

function decideRelease(order: OrderState, fact: FactOf<'stock_released'>): OrderEvent[] {
  if (order.released) return [];
  switch (order.status) {
    case 'screened':
    case 'reserved':
      // Overtook the declined payment that caused it: keep it until that arrives.
      return [{ type: 'release_noted' }];
    case 'compensating':
      return [{ type: 'release_noted' }, cancelledForPayment];
    case 'created':
    case 'paid':
    case 'confirmed':
    case 'cancelled':
      throw contradiction(order, fact);
  }
}

function decidePayment(order: OrderState, fact: FactOf<'payment_succeeded'>): OrderEvent[] {
  if (order.chargeId === fact.chargeId) return [];
  // Both legal statuses lead straight on: the charge is the pivot, after it a saga only goes forward.
  if (order.status === 'screened' || order.status === 'reserved') {
    if (order.released) throw contradiction(order, fact);
    return [{ type: 'payment_noted', chargeId: fact.chargeId }, { type: 'order.confirmed' }];
  }
  throw contradiction(order, fact);
}

function decideDecline(order: OrderState, fact: FactOf<'payment_failed'>): OrderEvent[] {
  switch (order.status) {
    case 'screened':
    case 'reserved': {
      const compensating: OrderEvent = { type: 'order.compensating', reason: 'payment_failed' };
      return order.released ? [compensating, cancelledForPayment] : [compensating];
    }
    case 'compensating':
      return [];
    case 'cancelled':
      if (order.cancelReason === 'payment_failed') return [];
      throw contradiction(order, fact);
    case 'created':
    case 'paid':
    case 'confirmed':
      throw contradiction(order, fact);
  }
}

const cancelledForPayment: OrderEvent = {
  type: 'order.cancelled',
  reason: 'payment_failed',
  detail: 'The card was declined and the reserved stock was given back.',
};

/** The order after an event that happened at `at` (UTC ISO-8601). Throws `internal` on a transition that is not legal. */
export function evolve(order: OrderState, event: OrderEvent, at: string): OrderState {
  const next = { ...order, updatedAt: at, version: isPublished(event) ? order.version + 1 : order.version };
  switch (event.type) {
    case 'order.created':
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
    case 'order.confirmed':
      return { ...next, status: move(order, 'confirmed') };
    case 'order.compensating':
      return { ...next, status: move(order, 'compensating'), cancelReason: event.reason };
    case 'order.cancelled':
      return { ...next, status: move(order, 'cancelled'), cancelReason: event.reason };
  }
}

function move(order: OrderState, to: OrderStatus): OrderStatus {
  if (legalTransitions[order.status].includes(to)) return to;
  throw new AppError('internal', `order ${order.id} cannot go from ${order.status} to ${to}`);
}

function contradiction(order: OrderState, fact: OrderFact): AppError {
  return new AppError('conflict', `order ${order.id} is ${order.status}: ${fact.type} cannot be true of it`, {
    details: { orderId: order.id, status: order.status, fact: fact.type },
  });
}
