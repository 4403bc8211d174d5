import type { EventOf } from '#contracts/events/registry.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { findRecipient } from './customer-directory.ts';
import { drawUpInvoice, issueInvoice } from './issue-invoice.ts';
import { composeConfirmation } from './mail/compose-mail.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { sendMail } from './send-mail.ts';

/**
 * `order.confirmed`: the invoice, then the mail that names it, in one transaction. An order that has its invoice is
 * left alone even when the message comes under a new id: a replay must not send papers twice.
 */
export async function handleConfirmed(
  tx: Tx,
  event: EventOf<'order.confirmed'>,
  deps: PaperworkDeps,
  context: MessageContext,
): Promise<void> {
  const { data, metadata } = event;
  const recipient = findRecipient(data.customerId);
  const invoice = await drawUpInvoice(tx, data, recipient, deps);
  if (invoice === null) {
    context.log.info('invoice exists, nothing to do');
    return;
  }
  const style = 'choreography';
  const mail = composeConfirmation(data, recipient, invoice.number);
  await issueInvoice(tx, { order: data, style, cause: metadata }, invoice, deps, context.log);
  const notice = { orderId: data.orderId, mail, sentAt: invoice.issuedAt, version: 2, style, cause: metadata } as const;
  await sendMail(tx, notice, deps, context.log);
}
