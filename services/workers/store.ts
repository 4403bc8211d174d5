import { Invoice, type Mail } from '#contracts/http/workers.ts';
import type { Money } from '#contracts/money.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';

/**
 * Takes the next number of the year for an order; null when the order has its invoice already. The counter's row stays
 * locked until the transaction ends, so no number is ever lost.
 */
export async function takeInvoiceSerial(tx: Tx, year: number, orderId: string): Promise<number | null> {
  const { rows } = await tx.query<{ last: number }>(
    `insert into invoice_counters (year, last)
     select $1, 1 where not exists (select 1 from invoices where order_id = $2)
     on conflict (year) do update set last = invoice_counters.last + 1 returning last`,
    [year, orderId],
  );
  return rows[0]?.last ?? null;
}

export type NewInvoice = {
  orderId: string;
  number: string;
  customerId: string;
  total: Money;
  issuedAt: string;
  pdf: Buffer;
};

/** Stores an invoice, together with the commit. */
export function insertInvoice(tx: Tx, invoice: NewInvoice): void {
  const { orderId, number, customerId, total, issuedAt, pdf } = invoice;
  tx.defer(
    `insert into invoices (order_id, number, customer_id, total_minor, currency, issued_at, pdf)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [orderId, number, customerId, total.amountMinor, total.currency, issuedAt, pdf],
  );
}

/** The number of an order's invoice; null when it has none. */
export async function findInvoiceNumber(db: Queryable, orderId: string): Promise<string | null> {
  const { rows } = await db.query<{ number: string }>('select number from invoices where order_id = $1', [orderId]);
  return rows[0]?.number ?? null;
}

/** An invoice with its PDF; null when the order has none. */
export async function findInvoice(db: Queryable, orderId: string): Promise<{ invoice: Invoice; pdf: Buffer } | null> {
  const { rows } = await db.query<{
    number: string;
    customer_id: string;
    total_minor: number;
    currency: string;
    issued_at: string;
    pdf: Buffer;
  }>('select number, customer_id, total_minor, currency, issued_at, pdf from invoices where order_id = $1', [orderId]);
  const row = rows[0];
  if (!row) return null;
  const invoice = Invoice.parse({
    number: row.number,
    orderId,
    customerId: row.customer_id,
    total: { amountMinor: row.total_minor, currency: row.currency },
    issuedAt: row.issued_at,
    sizeBytes: row.pdf.length,
  });
  return { invoice, pdf: row.pdf };
}

/** Puts a mail into the dev mailbox. False when this order has had a mail of this kind: nobody is told twice. */
export async function insertMail(tx: Tx, mail: Mail): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into mails (id, order_id, kind, recipient, subject, body, sent_at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (order_id, kind) do nothing`,
    [mail.id, mail.orderId, mail.kind, mail.to, mail.subject, mail.text, mail.sentAt],
  );
  return rowCount === 1;
}

/** Newest mails first, of all orders or of one. */
export async function readMails(db: Queryable, filter: { orderId: string | null; limit: number }): Promise<Mail[]> {
  const { rows } = await db.query<{
    id: string;
    order_id: string;
    kind: Mail['kind'];
    recipient: string;
    subject: string;
    body: string;
    sent_at: string;
  }>(
    `select id, order_id, kind, recipient, subject, body, sent_at from mails
      where $1::uuid is null or order_id = $1 order by sent_at desc, id desc limit $2`,
    [filter.orderId, filter.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    to: row.recipient,
    subject: row.subject,
    text: row.body,
    kind: row.kind,
    sentAt: row.sent_at,
  }));
}
