import type { InvoiceDocument } from './invoice.ts';
import { renderInvoice } from './render-invoice.ts';
import type { Typefaces } from './typeface.ts';

const nothing = { amountMinor: 0, currency: 'EUR' } as const;

/** An invoice that nobody gets. */
const sample: InvoiceDocument = {
  number: 'INV-0000-000000',
  issuedAt: '1970-01-01T00:00:00.000Z',
  orderId: '00000000-0000-0000-0000-000000000000',
  chargeId: 'ch_0',
  billTo: { id: '0', name: 'Nobody', email: 'nobody@example.com', street: 'Nowhere 1', city: '00 000 Nowhere' },
  lines: [{ sku: 'NONE-000', name: 'Nothing', qty: 1, unitPrice: nothing, lineTotal: nothing }],
  net: nothing,
  vat: nothing,
  total: nothing,
};

/**
 * Renders an invoice for nobody, so that fonts are parsed and code is compiled before the first order: that one would
 * otherwise hold the counter of invoice numbers for 0.3 s.
 */
export async function warmUp(typefaces: Typefaces): Promise<void> {
  await renderInvoice(sample, typefaces);
}
