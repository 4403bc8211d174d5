import { z } from 'zod';
import { Instant, Sku, Uuid } from '../ids.ts';
import { Currency } from '../money.ts';

/** One priced line, as `pricing.proto` has it, after parsing at the edge. */
export const QuoteLine = z.object({
  sku: Sku,
  qty: z.int().min(1),
  name: z.string(),
  unitMinor: z.int().nonnegative(),
  lineMinor: z.int().nonnegative(),
  priceVersion: z.int().describe('Version of the price that was used'),
});
export type QuoteLine = z.infer<typeof QuoteLine>;

/** What pricing signs: prices for one customer until one instant. */
export const UnsignedQuote = z.object({
  quoteId: Uuid,
  customerId: Uuid,
  lines: z.array(QuoteLine).min(1),
  totalMinor: z.int().nonnegative(),
  currency: Currency,
  expiresAt: Instant,
});
export type UnsignedQuote = z.infer<typeof UnsignedQuote>;

export const Quote = UnsignedQuote.extend({
  signature: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'an HMAC-SHA256 in base64url is 43 characters')
    .describe('HMAC-SHA256 with QUOTE_SIGNING_KEY over canonicalQuote, base64url without padding'),
});
export type Quote = z.infer<typeof Quote>;

/**
 * The bytes that are signed: a JSON array in a fixed order, lines in the order of the quote. An array leaves no
 * room for key order, and JSON quoting keeps a name with any character in it from running into its neighbour.
 * The first element names the form, so that a later one cannot be mistaken for it.
 */
export function canonicalQuote(quote: UnsignedQuote): string {
  return JSON.stringify([
    'orrery.quote.v1',
    quote.quoteId,
    quote.customerId,
    quote.lines.map((line) => [line.sku, line.qty, line.name, line.unitMinor, line.lineMinor, line.priceVersion]),
    quote.totalMinor,
    quote.currency,
    quote.expiresAt,
  ]);
}
