import type { EventOf } from '#contracts/events/registry.ts';
import { instant } from '#kit/clock.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { findRecipient } from './customer-directory.ts';
import { composeCancellation } from './mail/compose-mail.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { sendMail } from './send-mail.ts';

/** `order.cancelled`: tells the customer why, once. */
export async function handleCancelled(
  tx: Tx,
  { data, metadata }: EventOf<'order.cancelled'>,
  deps: PaperworkDeps,
  context: MessageContext,
): Promise<void> {
  const mail = composeCancellation(data, findRecipient(data.customerId));
  const sentAt = instant(deps.clock);
  await sendMail(tx, { orderId: data.orderId, mail, sentAt, version: 1, cause: metadata }, deps, context.log);
}
