import { AppError } from '#contracts/errors.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import { instant } from '#kit/clock.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { findRecipient } from './customer-directory.ts';
import { drawUpInvoice, issueInvoice } from './issue-invoice.ts';
import { composeConfirmation } from './mail/compose-mail.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { sendMail } from './send-mail.ts';
import { findInvoiceNumber } from './store.ts';

/** `workers.issue_invoice`: the invoice alone; the orchestrator asks for the mail when it knows of it. */
export async function invoiceOrder(
  tx: Tx,
  { data, metadata }: EventOf<'workers.issue_invoice'>,
  deps: PaperworkDeps,
  context: MessageContext,
): Promise<void> {
  const invoice = await drawUpInvoice(tx, data, findRecipient(data.customerId), deps);
  if (invoice === null) {
    context.log.info('invoice exists, nothing to do');
    return;
  }
  await issueInvoice(tx, { order: data, style: 'orchestration', cause: metadata }, invoice, deps, context.log);
}

/** `workers.notify_confirmed`: the mail that names the invoice. Throws `unavailable` (tried again) while there is none. */
export async function notifyConfirmed(
  tx: Tx,
  { data, metadata }: EventOf<'workers.notify_confirmed'>,
  deps: PaperworkDeps,
  context: MessageContext,
): Promise<void> {
  const { orderId } = data;
  const number = await findInvoiceNumber(tx, orderId);
  if (number === null) throw new AppError('unavailable', `order ${orderId} has no invoice yet`);
  const mail = composeConfirmation(data, findRecipient(data.customerId), number);
  const style = 'orchestration';
  await sendMail(
    tx,
    { orderId, mail, sentAt: instant(deps.clock), version: 2, style, cause: metadata },
    deps,
    context.log,
  );
}
