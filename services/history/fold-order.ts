import type { KnownEvent } from '#contracts/events/registry.ts';
import type { OrderView } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';
import { sortByCausality } from './sort-by-causality.ts';

/**
 * How far along each status is. An event moves the order forward or not at all, because a topic that is read late
 * must not take a confirmed order back to `reserved`.
 */
const rank: Record<OrderStatus, number> = {
  created: 0,
  screened: 1,
  reserved: 2,
  paid: 3,
  compensating: 4,
  confirmed: 5,
  cancelled: 5,
};

/**
 * The view of one order from its events: a pure function of the set, so any order of arrival gives the same view, and
 * rebuilding is folding again. Null while `order.created` has not arrived.
 */
export function foldOrder(events: readonly KnownEvent[]): OrderView | null {
  const keyed = events.map((event) => {
    const { id: messageId, causationId, occurredAt } = event.metadata;
    return { messageId, causationId, occurredAt, event };
  });
  const ordered = sortByCausality(keyed).map(({ event }) => event);
  const created = ordered.find((event) => event.event === 'order.created');
  if (!created) return null;
  return ordered.reduce(evolve, startOf(created));
}

function startOf({ data, metadata }: Extract<KnownEvent, { event: 'order.created' }>): OrderView {
  return {
    id: data.orderId,
    customerId: data.customerId,
    status: 'created',
    sagaId: metadata.sagaId,
    sagaStyle: data.sagaStyle,
    lines: data.lines,
    total: data.total,
    cancelReason: null,
    fraudScore: null,
    reservationId: null,
    chargeId: null,
    invoiceNumber: null,
    notifications: 0,
    refundId: null,
    stuckSince: null,
    traceId: metadata.traceparent?.split('-')[1] ?? null,
    createdAt: data.createdAt,
    updatedAt: data.createdAt,
    finishedAt: null,
  };
}

function evolve(before: OrderView, event: KnownEvent): OrderView {
  const { occurredAt } = event.metadata;
  const view = { ...before, updatedAt: later(before.updatedAt, occurredAt) };
  switch (event.event) {
    case 'order.created':
      return view;
    case 'order.screened':
      return { ...reach(view, 'screened'), fraudScore: event.data.score };
    case 'inventory.reserved':
      return { ...reach(view, 'reserved'), reservationId: event.data.reservationId };
    case 'payment.succeeded':
      return { ...reach(view, 'paid'), chargeId: event.data.chargeId };
    case 'payment.failed':
    case 'order.compensating':
      return reach(view, 'compensating');
    case 'order.confirmed':
      return { ...reach(view, 'confirmed'), chargeId: event.data.chargeId, finishedAt: occurredAt };
    case 'order.cancelled':
      return {
        ...reach(view, 'cancelled'),
        cancelReason: event.data.reason,
        finishedAt: occurredAt,
        stuckSince: null,
      };
    case 'order.compensation_stuck':
      return view.finishedAt === null ? { ...view, stuckSince: view.stuckSince ?? occurredAt } : view;
    case 'payment.refunded':
      return { ...view, refundId: event.data.refundId };
    case 'invoice.issued':
      return { ...view, invoiceNumber: event.data.invoiceNumber };
    case 'notification.sent':
      return { ...view, notifications: view.notifications + 1 };
    case 'inventory.rejected':
    case 'inventory.released':
    case 'inventory.committed':
    case 'order.cancellation_requested':
    case 'order.timed_out':
    case 'payment.voided':
    case 'inventory.reserve':
    case 'inventory.release':
    case 'inventory.commit':
    case 'billing.charge':
    case 'billing.undo':
    case 'workers.issue_invoice':
    case 'workers.notify_confirmed':
    case 'workers.notify_cancelled':
      // Part of the story, told by the timeline; the order's status follows from what orders says about it.
      return view;
  }
}

function reach(view: OrderView, status: OrderStatus): OrderView {
  return rank[status] > rank[view.status] ? { ...view, status } : view;
}

function later(left: string, right: string): string {
  return Date.parse(left) < Date.parse(right) ? right : left;
}
