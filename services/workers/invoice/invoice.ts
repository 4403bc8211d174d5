import type { EventData } from '#contracts/events/events.ts';
import type { Currency, Money } from '#contracts/money.ts';
import type { Recipient } from '../customer-directory.ts';

/** VAT contained in every price. One rate for the demo shop; a real one depends on product and country. */
export const vatPercent = 21;

export type InvoiceLine = { sku: string; name: string; qty: number; unitPrice: Money; lineTotal: Money };

/** Everything that stands on an invoice. */
export type InvoiceDocument = {
  number: string;
  issuedAt: string;
  orderId: string;
  chargeId: string;
  billTo: Recipient;
  lines: readonly InvoiceLine[];
  net: Money;
  vat: Money;
  total: Money;
};

/** Composes the invoice of a confirmed order. */
export function composeInvoice(
  order: EventData<'order.confirmed'>,
  billTo: Recipient,
  number: string,
  issuedAt: string,
): InvoiceDocument {
  const { currency, amountMinor } = order.total;
  const vatMinor = vatWithin(amountMinor);
  return {
    number,
    issuedAt,
    orderId: order.orderId,
    chargeId: order.chargeId,
    billTo,
    lines: order.lines,
    net: money(amountMinor - vatMinor, currency),
    vat: money(vatMinor, currency),
    total: order.total,
  };
}

/** `INV-2026-000123`. Numbers past 999 999 simply grow a digit. */
export function invoiceNumber(year: number, serial: number): string {
  return `INV-${year}-${String(serial).padStart(6, '0')}`;
}

/** VAT contained in a gross amount, rounded half up to the minor unit. Net is the rest, so both always add up. */
export function vatWithin(grossMinor: number): number {
  return Math.round((grossMinor * vatPercent) / (100 + vatPercent));
}

function money(amountMinor: number, currency: Currency): Money {
  return { amountMinor, currency };
}
