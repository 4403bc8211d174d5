import type { EventMetadata } from '#contracts/events/envelope.ts';
import { type Clock, instant } from '#kit/clock.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { toMessage } from './messages.ts';
import { decide, evolve, isPublished, type OrderEvent, type OrderFact, type OrderState } from './order.ts';
import { lockOrder, type Transition, updateOrder } from './store.ts';

export type RecordFactDeps = { producer: string; clock: Clock; log: Logger };

/**
 * Lets an order learn a fact, in the caller's transaction: lock, decide, store, announce through the outbox.
 * Nothing happens when the fact was known. Throws `not_found` for an order that we never made and `conflict` for a
 * fact that contradicts what is known; neither gets better by retrying.
 */
export async function recordFact(
  deps: RecordFactDeps,
  tx: Tx,
  { orderId, fact, cause }: { orderId: string; fact: OrderFact; cause: EventMetadata },
): Promise<void> {
  const before = await lockOrder(tx, orderId);
  const events = decide(before, fact);
  if (events.length === 0) return;
  const { order, transitions, messages } = apply(before, events, instant(deps.clock), cause.id);
  updateOrder(tx, order, transitions);
  for (const message of messages) {
    await enqueue(tx, { ...message, producer: deps.producer, orderId, aggregateType: 'order', cause });
  }
  tx.onCommit(() => logTransitions(deps.log, order, events, transitions));
}

/** The order after all events, each change of status on the way, and what is to be published. */
function apply(before: OrderState, events: readonly OrderEvent[], at: string, messageId: string) {
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

function logTransitions(
  log: Logger,
  order: OrderState,
  events: readonly OrderEvent[],
  transitions: readonly Transition[],
): void {
  const screening = events.find((event) => event.type === 'order.screened');
  for (const { to } of transitions) {
    log.info(
      {
        orderId: order.id,
        sagaId: order.sagaId,
        ...(to === 'screened' && screening
          ? { decision: screening.decision, score: screening.score, model: screening.model }
          : {}),
        ...(to === 'cancelled' ? { reason: order.cancelReason } : {}),
      },
      `order ${to}`,
    );
  }
}
