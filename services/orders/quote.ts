import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';
import { canonicalQuote, type Quote } from '#contracts/grpc/quote.ts';
import type { OrderItem, OrderLine } from '#contracts/http/orders.ts';

export type QuoteExpectation = { customerId: string; items: readonly OrderItem[]; now: Date };

/**
 * Checks that pricing made this quote, for this basket, and that it still holds.
 * Throws `dependency_failed`: whoever answered in pricing's place or garbled the answer, the order must not be stored.
 */
export function verifyQuote(quote: Quote, expected: QuoteExpectation, signingKey: string): void {
  const wrong = (what: string) => new AppError('dependency_failed', `quote ${quote.quoteId} ${what}`);

  const signature = createHmac('sha256', signingKey).update(canonicalQuote(quote)).digest();
  const given = Buffer.from(quote.signature, 'base64url');
  if (given.length !== signature.length || !timingSafeEqual(given, signature)) throw wrong('has a wrong signature');

  if (quote.customerId !== expected.customerId) throw wrong('is for another customer');
  if (Date.parse(quote.expiresAt) <= expected.now.getTime()) throw wrong(`expired at ${quote.expiresAt}`);
  if (!sameBasket(quote, expected.items)) throw wrong('is for another basket');
  const sum = quote.lines.reduce((total, line) => total + line.lineMinor, 0);
  if (sum !== quote.totalMinor || quote.lines.some((line) => line.unitMinor * line.qty !== line.lineMinor)) {
    throw wrong('does not add up');
  }
}

function sameBasket(quote: Quote, items: readonly OrderItem[]): boolean {
  const quoted = new Map(quote.lines.map((line) => [line.sku, line.qty]));
  return (
    quoted.size === items.length &&
    quote.lines.length === items.length &&
    items.every((item) => quoted.get(item.sku) === item.qty)
  );
}

/** The lines of an order at the prices of a quote. */
export function linesOf(quote: Quote): OrderLine[] {
  const { currency } = quote;
  return quote.lines.map(({ sku, qty, name, unitMinor, lineMinor }) => ({
    sku,
    qty,
    name,
    unitPrice: { amountMinor: unitMinor, currency },
    lineTotal: { amountMinor: lineMinor, currency },
  }));
}
