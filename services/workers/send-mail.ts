import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { newId } from '#kit/ids.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import type { MailText } from './mail/compose-mail.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { insertMail } from './store.ts';

export type MailRequest = {
  orderId: string;
  mail: MailText;
  sentAt: string;
  /** Version of the order's paperwork after this mail. */
  version: number;
  style: SagaStyle;
  cause: EventMetadata;
};

/** Puts a mail into the dev mailbox and publishes notification.sent; does nothing when it had been sent before. */
export async function sendMail(
  tx: Tx,
  { orderId, mail, sentAt, version, style, cause }: MailRequest,
  { producer }: PaperworkDeps,
  log: Logger,
): Promise<void> {
  const mailId = newId();
  if (!(await insertMail(tx, { ...mail, id: mailId, orderId, sentAt }))) {
    log.info({ kind: mail.kind }, 'mail had been sent, nothing to do');
    return;
  }
  await enqueue(tx, {
    event: 'notification.sent',
    data: { orderId, mailId, kind: mail.kind, sagaStyle: style },
    producer,
    orderId,
    aggregateType: 'paperwork',
    aggregateVersion: version,
    cause,
  });
  tx.onCommit(() => log.info({ mailId, kind: mail.kind }, 'notification sent'));
}
