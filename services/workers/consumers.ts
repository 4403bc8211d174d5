import { isChoreographed } from '#contracts/events/saga-style.ts';
import { topics } from '#contracts/events/topics.ts';
import { type Handlers, when } from '#kit/kafka/handlers.ts';
import { handleCancelled } from './handle-cancelled.ts';
import { invoiceOrder, notifyConfirmed } from './handle-commands.ts';
import { handleConfirmed } from './handle-confirmed.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';

/** Topics that workers listens to. */
export const consumedTopics = [topics.orders, topics.workersCommands];

/** Papers follow the end of an order, whichever it is: by its event in a choreography, else by the orchestrator's word. */
export function workersHandlers(deps: PaperworkDeps): Handlers {
  return {
    'order.confirmed': when(isChoreographed, (tx, event, context) => handleConfirmed(tx, event, deps, context)),
    'order.cancelled': when(isChoreographed, (tx, { data, metadata }, context) =>
      handleCancelled(tx, { order: data, style: 'choreography', cause: metadata }, deps, context),
    ),
    'workers.issue_invoice': (tx, event, context) => invoiceOrder(tx, event, deps, context),
    'workers.notify_confirmed': (tx, event, context) => notifyConfirmed(tx, event, deps, context),
    'workers.notify_cancelled': (tx, { data, metadata }, context) =>
      handleCancelled(tx, { order: data, style: 'orchestration', cause: metadata }, deps, context),
  };
}
