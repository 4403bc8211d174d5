import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventData } from '#contracts/events/events.ts';
import type { Logger } from '#kit/logger.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { withSpan } from '#kit/telemetry/spans.ts';
import type { Recipient } from './customer-directory.ts';
import { composeInvoice, invoiceNumber } from './invoice/invoice.ts';
import { renderInvoice } from './invoice/render-invoice.ts';
import type { PaperworkDeps } from './paperwork-deps.ts';
import { insertInvoice, takeInvoiceSerial } from './store.ts';

export type InvoiceRequest = {
  order: EventData<'order.confirmed'>;
  recipient: Recipient;
  issuedAt: string;
  cause: EventMetadata;
};

/** Numbers, renders and stores the invoice and publishes invoice.issued. Returns the number. */
export async function issueInvoice(
  tx: Tx,
  { order, recipient, issuedAt, cause }: InvoiceRequest,
  deps: PaperworkDeps,
  log: Logger,
): Promise<string> {
  const { orderId, customerId, total } = order;
  const year = new Date(issuedAt).getUTCFullYear();
  const number = invoiceNumber(year, await takeInvoiceSerial(tx, year));
  const pdf = await withSpan('render invoice', {}, () =>
    renderInvoice(composeInvoice(order, recipient, number, issuedAt), deps.chooseTypeface),
  );
  await insertInvoice(tx, { orderId, number, customerId, total, issuedAt, pdf });
  await enqueue(tx, {
    event: 'invoice.issued',
    data: { orderId, invoiceNumber: number, sizeBytes: pdf.length },
    producer: deps.producer,
    orderId,
    aggregateType: 'paperwork',
    aggregateVersion: 1,
    cause,
  });
  tx.onCommit(() => log.info({ invoiceNumber: number, sizeBytes: pdf.length }, 'invoice issued'));
  return number;
}
