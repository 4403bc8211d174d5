import type { EventData } from '#contracts/events/events.ts';
import { formatMoney } from '#contracts/format-money.ts';
import type { Mail } from '#contracts/http/workers.ts';
import type { Recipient } from '../customer-directory.ts';

/** What the customer reads: plain text, so that the dev mailbox shows exactly what was sent. */
export type MailText = Pick<Mail, 'kind' | 'to' | 'subject' | 'text'>;

export function composeConfirmation(
  order: EventData<'workers.notify_confirmed'>,
  recipient: Recipient,
  invoiceNumber: string,
): MailText {
  const lines = order.lines.map((line) => `  ${line.qty} × ${line.name}, ${formatMoney(line.lineTotal)}`);
  return {
    kind: 'order_confirmed',
    to: recipient.email,
    subject: `Your order ${shortId(order.orderId)} is confirmed`,
    text: paragraphs(
      `Dear ${recipient.name},`,
      'thank you for your order. It is paid and on its way to the packing table:',
      lines.join('\n'),
      `Total ${formatMoney(order.total)}, VAT included. Your invoice is ${invoiceNumber}.`,
      signature(order.orderId),
    ),
  };
}

/** What the mail about a cancelled order says; `detail` is the reason and what became of the money. */
export type CancelledOrder = Pick<EventData<'order.cancelled'>, 'orderId' | 'customerId' | 'total' | 'detail'>;

export function composeCancellation(order: CancelledOrder, recipient: Recipient): MailText {
  return {
    kind: 'order_cancelled',
    to: recipient.email,
    subject: `Your order ${shortId(order.orderId)} was cancelled`,
    text: paragraphs(
      `Dear ${recipient.name},`,
      `we are sorry: your order over ${formatMoney(order.total)} was cancelled. ${order.detail}`,
      signature(order.orderId),
    ),
  };
}

function signature(orderId: string): string {
  return `The Orrery demo shop\nOrder ${orderId}`;
}

/** The end of a UUIDv7 is random; its start is the time and would be the same for neighbours. */
function shortId(orderId: string): string {
  return orderId.slice(-8);
}

function paragraphs(...parts: string[]): string {
  return `${parts.join('\n\n')}\n`;
}
