import { AppError } from '#contracts/errors.ts';
import type { CommandName } from '#contracts/events/commands.ts';
import type { EventData } from '#contracts/events/events.ts';
import { moneyDetail } from '../messages.ts';
import type { OrderState } from '../order.ts';
import type { Saga, SagaEvent } from './saga.ts';
import { stepNamed } from './steps.ts';

export type SagaCommand = { [N in CommandName]: { event: N; data: EventData<N> } }[CommandName];

/** The command that an event of the saga sends out; null when it sends none. `order` is the state after the decision. */
export function commandOf(event: SagaEvent, saga: Saga, order: OrderState): SagaCommand | null {
  if (event.type !== 'step_started' && event.type !== 'undo_started') return null;
  const step = stepNamed(event.step);
  const name = event.type === 'step_started' ? step.do : step.undo;
  return name === null ? null : commandNamed(name, saga, order);
}

function commandNamed(name: CommandName, saga: Saga, order: OrderState): SagaCommand {
  const { id: orderId, customerId, lines, total, payment } = order;
  switch (name) {
    case 'inventory.reserve':
    case 'billing.charge': {
      const items = lines.map(({ sku, qty }) => ({ sku, qty }));
      return { event: name, data: { orderId, customerId, items, total, payment } };
    }
    case 'inventory.release':
      return { event: name, data: { orderId, reason: reasonOf(saga) } };
    case 'billing.undo':
      return { event: name, data: { orderId, customerId, total, payment, reason: reasonOf(saga) } };
    case 'inventory.commit':
      return { event: name, data: { orderId } };
    case 'workers.issue_invoice':
    case 'workers.notify_confirmed': {
      const { chargeId, updatedAt: confirmedAt } = order;
      if (chargeId === null) throw new AppError('internal', `order ${orderId} is confirmed without a charge`);
      return { event: name, data: { orderId, customerId, lines, total, chargeId, confirmedAt } };
    }
    case 'workers.notify_cancelled': {
      const detail = `${saga.detail ?? ''} ${moneyDetail(order)}`.trim();
      return { event: name, data: { orderId, customerId, total, reason: reasonOf(saga), detail } };
    }
  }
}

function reasonOf(saga: Saga) {
  if (saga.reason === null)
    throw new AppError('internal', `saga of order ${saga.orderId} turned back without a reason`);
  return saga.reason;
}
