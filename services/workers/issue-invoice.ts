import { createHash } from 'node:crypto';
import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { instant } from '#kit/clock.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { withSpan } from '#kit/telemetry/spans.ts';
import type { Recipient } from './customer-directory.ts';
import { composeInvoice, invoiceNumber } from './invoice/invoice.ts';
import { renderInvoice } from './invoice/render-invoice.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { insertInvoice, takeInvoiceSerial } from './store.ts';

/** The order that an invoice is for, and what asked for it. */
export type InvoiceRequest = { order: EventData<'workers.issue_invoice'>; style: SagaStyle; cause: EventMetadata };

export type DrawnUpInvoice = { number: string; issuedAt: string; pdf: Buffer };

/**
 * Numbers and renders the invoice; null when the order has one. Taking the number locks the year's counter until the transaction ends, so this is
 * the last step before the writes.
 */
export async function drawUpInvoice(
  tx: Tx,
  order: EventData<'workers.issue_invoice'>,
  recipient: Recipient,
  deps: PaperworkDeps,
): Promise<DrawnUpInvoice | null> {
  const issuedAt = instant(deps.clock);
  const year = new Date(issuedAt).getUTCFullYear();
  const serial = await takeInvoiceSerial(tx, year, order.orderId);
  if (serial === null) return null;
  const number = invoiceNumber(year, serial);
  const pdf = await withSpan('render invoice', {}, () =>
    renderInvoice(composeInvoice(order, recipient, number, issuedAt), deps.typefaces),
  );
  return { number, issuedAt, pdf };
}

/** Stores the invoice and publishes invoice.issued, version 1 of the order's paperwork. */
export async function issueInvoice(
  tx: Tx,
  { order, style, cause }: InvoiceRequest,
  { number, issuedAt, pdf }: DrawnUpInvoice,
  { producer }: PaperworkDeps,
  log: Logger,
): Promise<void> {
  const { orderId, customerId, total } = order;
  const sha256 = createHash('sha256').update(pdf).digest('hex');
  insertInvoice(tx, { orderId, number, customerId, total, issuedAt, pdf });
  await enqueue(tx, {
    event: 'invoice.issued',
    data: { orderId, invoiceNumber: number, sizeBytes: pdf.length, sha256, sagaStyle: style },
    producer,
    orderId,
    aggregateType: 'paperwork',
    aggregateVersion: 1,
    cause,
  });
  tx.onCommit(() => log.info({ invoiceNumber: number, sizeBytes: pdf.length }, 'invoice issued'));
}
