import type { EventMetadata } from '#contracts/events/envelope.ts';
import { type Clock, instant } from '#kit/clock.ts';
import type { Failpoints } from '#kit/control/failpoints.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { stuckRunbook, toMessage } from './messages.ts';
import { evolve, isPublished, type OrderEvent, type OrderState } from './order.ts';
import { type Transition, updateOrder } from './store.ts';
import { setTimers } from './timers/store.ts';
import { timersOf } from './timers/timer.ts';

export type ChangeOrderDeps = {
  producer: string;
  clock: Clock;
  log: Logger;
  /** Pause before a compensation is asked for the second time, milliseconds; it doubles from there. */
  compensationRetryMs: number;
  failpoints: Failpoints;
};

/**
 * Writes what has happened to a locked order: state, transitions, timers, and the published events through the outbox,
 * all in the caller's transaction. `cause` is the message that led to it, null for a request or the clock.
 * Returns the order after it.
 */
export async function changeOrder(
  deps: ChangeOrderDeps,
  tx: Tx,
  before: OrderState,
  events: readonly OrderEvent[],
  cause: EventMetadata | null,
): Promise<OrderState> {
  if (events.length === 0) return before;
  const at = instant(deps.clock);
  const { order, transitions, messages } = apply(before, events, at, cause?.id ?? null);
  updateOrder(tx, order, transitions);
  if (order.sagaStyle === 'choreography') {
    setTimers(tx, order.id, timersOf(order, events, at, deps.compensationRetryMs));
  }
  const common = { producer: deps.producer, orderId: order.id, aggregateType: 'order' };
  for (const message of messages) {
    await enqueue(tx, { ...message, ...common, ...(cause === null ? { cause, sagaId: order.sagaId } : { cause }) });
  }
  tx.onCommit(() => logChanges(deps.log, order, events, transitions));
  if (order.status === 'compensating') {
    // Committed and not yet sent: what a process that dies here must go on with.
    tx.onCommit(() => void deps.failpoints.reach('saga.compensating', { orderId: order.id }).catch(() => {}));
  }
  return order;
}

/** The order after all events, each change of status on the way, and what is to be published. */
function apply(before: OrderState, events: readonly OrderEvent[], at: string, messageId: string | null) {
  const transitions: Transition[] = [];
  const messages = [];
  let order = before;
  for (const event of events) {
    const next = evolve(order, event, at);
    if (next.status !== order.status) transitions.push({ from: order.status, to: next.status, at, messageId });
    if (isPublished(event)) messages.push({ ...toMessage(next, event), aggregateVersion: next.version });
    order = next;
  }
  return { order, transitions, messages };
}

function logChanges(
  log: Logger,
  order: OrderState,
  events: readonly OrderEvent[],
  transitions: readonly Transition[],
): void {
  const about = { orderId: order.id, sagaId: order.sagaId };
  const screening = events.find((event) => event.type === 'order.screened');
  for (const { to } of transitions) {
    log.info(
      {
        ...about,
        ...(to === 'screened' && screening
          ? { decision: screening.decision, score: screening.score, model: screening.model }
          : {}),
        ...(to === 'cancelled' || to === 'compensating' ? { reason: order.cancelReason } : {}),
      },
      `order ${to}`,
    );
  }
  const stuck = events.find((event) => event.type === 'order.compensation_stuck');
  if (stuck === undefined) return;
  const { waitingFor, attempts } = stuck;
  log.error({ ...about, waitingFor, attempts, runbook: stuckRunbook }, 'compensation is stuck');
}
