import { topics } from '#contracts/events/topics.ts';
import type { Handlers } from '#kit/kafka/handlers.ts';
import { handleCancelled } from './handle-cancelled.ts';
import { handleConfirmed } from './handle-confirmed.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';

/** Topics that workers listens to. */
export const consumedTopics = [topics.orders];

/** Papers follow the end of an order, whichever it is. */
export function workersHandlers(deps: PaperworkDeps): Handlers {
  return {
    'order.confirmed': (tx, event, context) => handleConfirmed(tx, event, deps, context),
    'order.cancelled': (tx, event, context) => handleCancelled(tx, event, deps, context),
  };
}
