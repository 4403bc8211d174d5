import type { EventData } from '#contracts/events/events.ts';
import { demoShopper } from '#contracts/seed/customers.ts';
import { products } from '#contracts/seed/products.ts';

/** A confirmed order over the first `lineCount` products of the catalogue, one more piece of each. */
export function anOrderConfirmed(
  lineCount: number,
  overrides: Partial<EventData<'order.confirmed'>> = {},
): EventData<'order.confirmed'> {
  const lines = products.slice(0, lineCount).map(({ sku, name, price }, index) => {
    const qty = index + 1;
    return { sku, qty, name, unitPrice: price, lineTotal: { ...price, amountMinor: price.amountMinor * qty } };
  });
  return {
    orderId: '019a0000-1111-7222-8333-444455556666',
    customerId: demoShopper.id,
    lines,
    total: { amountMinor: lines.reduce((sum, line) => sum + line.lineTotal.amountMinor, 0), currency: 'EUR' },
    chargeId: 'ch_019a0000',
    confirmedAt: '2026-11-22T10:00:00.000Z',
    ...overrides,
  };
}
