import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { instant } from '#kit/clock.ts';
import type { MessageContext } from '#kit/kafka/handlers.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { findRecipient } from './customer-directory.ts';
import { type CancelledOrder, composeCancellation } from './mail/compose-mail.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { sendMail } from './send-mail.ts';

export type CancellationNotice = { order: CancelledOrder; style: SagaStyle; cause: EventMetadata };

/** The order was cancelled: tells the customer why, once. */
export async function handleCancelled(
  tx: Tx,
  { order, style, cause }: CancellationNotice,
  deps: PaperworkDeps,
  context: MessageContext,
): Promise<void> {
  const mail = composeCancellation(order, findRecipient(order.customerId));
  const sentAt = instant(deps.clock);
  await sendMail(tx, { orderId: order.orderId, mail, sentAt, version: 1, style, cause }, deps, context.log);
}
