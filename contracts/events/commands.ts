import { z } from 'zod';
import { CancelReason, PaymentMethod } from '../http/orders.ts';
import { Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { ConfirmedOrder, PayableOrder } from './order-data.ts';
import { topics } from './topics.ts';

/**
 * Commands of the orchestrated saga: in the imperative, to one receiver, which answers with the event that it would
 * publish anyway. Each may come twice and is absorbed the second time.
 */
export const commands = {
  'inventory.reserve': {
    topic: topics.inventoryCommands,
    version: '1.0.0',
    data: PayableOrder,
    description: 'Promise the stock of an order; answered by inventory.reserved or inventory.rejected',
  },
  'inventory.release': {
    topic: topics.inventoryCommands,
    version: '1.0.0',
    data: z.object({ orderId: Uuid, reason: CancelReason }),
    description: 'Take the promise back, or refuse it in advance; answered by inventory.released',
  },
  'inventory.commit': {
    topic: topics.inventoryCommands,
    version: '1.0.0',
    data: z.object({ orderId: Uuid }),
    description: 'Ship the promised stock; answered by inventory.committed',
  },
  'billing.charge': {
    topic: topics.billingCommands,
    version: '1.0.0',
    data: PayableOrder,
    description: 'Take the money of an order; answered by payment.succeeded or payment.failed',
  },
  'billing.undo': {
    topic: topics.billingCommands,
    version: '1.0.0',
    data: z.object({
      orderId: Uuid,
      customerId: Uuid,
      total: Money,
      payment: PaymentMethod,
      reason: CancelReason,
    }),
    description: 'Refund the charge, or forbid it in advance; answered by payment.refunded or payment.voided',
  },
  'workers.issue_invoice': {
    topic: topics.workersCommands,
    version: '1.0.0',
    data: ConfirmedOrder,
    description: 'Draw up the invoice; answered by invoice.issued',
  },
  'workers.notify_confirmed': {
    topic: topics.workersCommands,
    version: '1.0.0',
    data: ConfirmedOrder,
    description: 'Tell the customer of the sale; answered by notification.sent',
  },
  'workers.notify_cancelled': {
    topic: topics.workersCommands,
    version: '1.0.0',
    data: z.object({ orderId: Uuid, customerId: Uuid, total: Money, reason: CancelReason, detail: z.string() }),
    description: 'Tell the customer that there is no sale; answered by notification.sent',
  },
} as const;

export type CommandName = keyof typeof commands;

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
