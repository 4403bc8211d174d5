import { AppError } from '#contracts/errors.ts';
import type { CancelReason } from '#contracts/http/orders.ts';
import { cancelDetail } from './cancel-detail.ts';
import type { FactOf, OrderFact } from './facts.ts';
import { contradiction, type OrderEvent, type OrderState, waitingFor } from './order.ts';

/** Tries of a compensation after which somebody should look; it is tried for ever all the same. */
export const stuckAfterAttempts = 2;

/**
 * What follows from a fact when services react to each other's events: the order says what has become of it, and
 * whoever holds something of it undoes that when it hears `order.compensating`.
 *
 * Facts come from several topics, and nothing orders topics against each other, so a fact may overtake its own cause:
 * a payment can be read before the reservation that allowed it. The later fact implies the earlier one, which is then
 * absorbed when it comes. No event follows from what was known or implied already. Throws `conflict` for what cannot be
 * true beside what is known (charged twice, reserved after "not enough stock", …).
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
    case 'payment_undone':
      return decideUndonePayment(order, fact);
    case 'cancellation_requested':
      return decideCancellation(order, fact);
    case 'timed_out':
      return decideTimeout(order, fact);
    case 'stock_committed':
    case 'invoice_issued':
    case 'customer_notified':
      // What follows the sale is between the others.
      return [];
  }
}

function decideScreening(order: OrderState, fact: FactOf<'screened'>): OrderEvent[] {
  if (order.status !== 'created') return [];
  const { score, decision, model, reasons } = fact;
  const screened: OrderEvent = { type: 'order.screened', score, decision, model, reasons };
  return decision === 'accept' ? [screened] : [screened, cancelled('fraud_suspected')];
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
      if (order.released) return [];
      throw contradiction(order, fact);
    case 'created':
      throw contradiction(order, fact);
  }
}

function decideShortage(order: OrderState, fact: FactOf<'stock_rejected'>): OrderEvent[] {
  if (order.status === 'compensating') return order.released ? [] : [{ type: 'release_noted' }, ...end(order, 'stock')];
  if (order.status === 'cancelled' && (order.cancelReason === 'out_of_stock' || order.released)) return [];
  if (order.status !== 'screened' || order.released) throw contradiction(order, fact);
  return [{ type: 'order.cancelled', reason: 'out_of_stock', detail: cancelDetail('out_of_stock', fact.shortages) }];
}

function decideRelease(order: OrderState, fact: FactOf<'stock_released'>): OrderEvent[] {
  if (order.released) return [];
  if (fact.expired) return decideExpiry(order, fact);
  switch (order.status) {
    case 'screened':
    case 'reserved':
      // Overtook the declined payment that caused it: keep it until that arrives.
      return [{ type: 'release_noted' }];
    case 'compensating':
      return [{ type: 'release_noted' }, ...end(order, 'stock')];
    case 'created':
    case 'paid':
    case 'confirmed':
    case 'cancelled':
      throw contradiction(order, fact);
  }
}

/** The promise ran out. Before the pivot there is nothing to sell any more; after it inventory takes the goods anew. */
function decideExpiry(order: OrderState, fact: FactOf<'stock_released'>): OrderEvent[] {
  switch (order.status) {
    case 'screened':
    case 'reserved':
      return [compensating('payment_timeout'), { type: 'release_noted' }];
    case 'compensating':
      return [{ type: 'release_noted' }, ...end(order, 'stock')];
    case 'paid':
    case 'confirmed':
      return [];
    case 'created':
    case 'cancelled':
      throw contradiction(order, fact);
  }
}

function decidePayment(order: OrderState, fact: FactOf<'payment_succeeded'>): OrderEvent[] {
  if (order.chargeId === fact.chargeId) return [];
  switch (order.status) {
    case 'screened':
    case 'reserved':
      // Both lead straight on: the charge is the pivot.
      if (order.released) throw contradiction(order, fact);
      return [{ type: 'payment_noted', chargeId: fact.chargeId }, { type: 'order.confirmed' }];
    case 'compensating':
      if (order.paymentSettled || order.chargeId !== null) throw contradiction(order, fact);
      return [{ type: 'late_payment_noted', chargeId: fact.chargeId }];
    case 'created':
    case 'paid':
    case 'confirmed':
    case 'cancelled':
      throw contradiction(order, fact);
  }
}

function decideDecline(order: OrderState, fact: FactOf<'payment_failed'>): OrderEvent[] {
  switch (order.status) {
    case 'screened':
    case 'reserved':
      return [
        compensating('payment_failed'),
        { type: 'payment_settled' },
        ...(order.released ? [cancelled('payment_failed')] : []),
      ];
    case 'compensating':
      return decideUndonePayment(order, fact);
    case 'cancelled':
      if (order.paymentSettled) return [];
      throw contradiction(order, fact);
    case 'created':
    case 'paid':
    case 'confirmed':
      throw contradiction(order, fact);
  }
}

/** Nothing was charged, or it was given back. */
function decideUndonePayment(order: OrderState, fact: OrderFact): OrderEvent[] {
  if (order.paymentSettled) return [];
  if (order.status !== 'compensating') throw contradiction(order, fact);
  return [{ type: 'payment_settled' }, ...end(order, 'payment')];
}

function decideCancellation(order: OrderState, { requestedBy }: FactOf<'cancellation_requested'>): OrderEvent[] {
  const requested: OrderEvent = { type: 'order.cancellation_requested', requestedBy };
  switch (order.status) {
    case 'created':
    case 'screened':
    case 'reserved':
      return [requested, ...turnBack(order, 'customer_request')];
    case 'compensating':
    case 'cancelled':
      return [];
    case 'paid':
    case 'confirmed':
      throw soldAlready(order);
  }
}

/** A timer cannot be called back, so it may be told when it no longer matters: what the order is now decides. */
function decideTimeout(order: OrderState, { timer, attempt }: FactOf<'timed_out'>): OrderEvent[] {
  if (timer === 'payment') {
    const unpaid = order.status === 'created' || order.status === 'screened' || order.status === 'reserved';
    return unpaid ? turnBack(order, 'payment_timeout') : [];
  }
  if (order.status !== 'compensating' || order.cancelReason === null) return [];
  const { cancelReason: reason, stuckSince } = order;
  const stuck: OrderEvent = {
    type: 'order.compensation_stuck',
    reason,
    waitingFor: waitingFor(order),
    attempts: attempt,
  };
  return [
    ...(attempt >= stuckAfterAttempts && stuckSince === null ? [stuck] : []),
    { type: 'order.compensating', reason, attempt: attempt + 1 },
  ];
}

/** Before the screening nobody else has heard of the order, so there is nothing to undo. */
function turnBack(order: OrderState, reason: CancelReason): OrderEvent[] {
  return order.status === 'created' ? [cancelled(reason)] : [compensating(reason)];
}

/** The end of the undoing, when `settledNow` was all that was waited for. */
function end(order: OrderState, settledNow: 'stock' | 'payment'): OrderEvent[] {
  const other = settledNow === 'stock' ? order.paymentSettled : order.released;
  return other && order.cancelReason !== null ? [cancelled(order.cancelReason)] : [];
}

function compensating(reason: CancelReason): OrderEvent {
  return { type: 'order.compensating', reason, attempt: 1 };
}

function cancelled(reason: CancelReason): OrderEvent {
  return { type: 'order.cancelled', reason, detail: cancelDetail(reason) };
}

export function soldAlready(order: OrderState): AppError {
  return new AppError('conflict', `order ${order.id} is ${order.status}: it is paid and cannot be cancelled any more`);
}
