import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { QuoteLine } from '#contracts/grpc/quote.ts';
import type { Price } from '#contracts/http/catalogue.ts';
import { OrderItem } from '#contracts/http/orders.ts';
import { Uuid } from '#contracts/ids.ts';
import type { Currency } from '#contracts/money.ts';

/** A request for a quote, as pricing.proto has it. */
export const Basket = z.object({
  customerId: Uuid,
  items: z.array(OrderItem).min(1).max(50),
});
export type Basket = z.infer<typeof Basket>;

export type CataloguePrice = Price & { name: string };
export type PriceList = ReadonlyMap<string, CataloguePrice>;

/**
 * Checks what came over the wire. Throws `invalid_argument` that names the SKU when one line is at fault, so that the
 * caller can tell the customer which.
 */
export function parseBasket(input: unknown): Basket {
  const parsed = Basket.safeParse(input);
  if (!parsed.success) throw new AppError('invalid_argument', describeIssue(input, parsed.error.issues[0]));
  const seen = new Set<string>();
  for (const { sku } of parsed.data.items) {
    if (seen.has(sku)) throw new AppError('invalid_argument', `${sku} appears twice; send one line per SKU`);
    seen.add(sku);
  }
  return parsed.data;
}

/**
 * Prices each line with the current version of its price. Throws `not_found` naming the first unknown SKU, and
 * `invalid_argument` for a basket in two currencies or of a total beyond what an integer can hold exactly.
 */
export function priceBasket(
  basket: Basket,
  prices: PriceList,
): { lines: QuoteLine[]; totalMinor: number; currency: Currency } {
  let currency: Currency | null = null;
  let totalMinor = 0;
  const lines = basket.items.map(({ sku, qty }): QuoteLine => {
    const entry = prices.get(sku);
    if (!entry) throw new AppError('not_found', `no product has the SKU ${sku}`, { details: { sku } });
    currency ??= entry.price.currency;
    if (entry.price.currency !== currency) {
      throw new AppError('invalid_argument', `${sku} is sold in ${entry.price.currency}, the basket is in ${currency}`);
    }
    const unitMinor = entry.price.amountMinor;
    const lineMinor = unitMinor * qty;
    totalMinor += lineMinor;
    return { sku, qty, name: entry.name, unitMinor, lineMinor, priceVersion: entry.version };
  });
  if (currency === null || !Number.isSafeInteger(totalMinor)) {
    throw new AppError('invalid_argument', 'the basket cannot be totalled exactly; order less');
  }
  return { lines, totalMinor, currency };
}

function describeIssue(input: unknown, issue: z.core.$ZodIssue | undefined): string {
  if (!issue) return 'the basket is not valid';
  const [field, index, property] = issue.path;
  if (field !== 'items' || typeof index !== 'number') return `${issue.path.join('.') || 'basket'}: ${issue.message}`;
  const items = (input as { items: { sku?: unknown; qty?: unknown }[] }).items;
  const sku = String(items[index]?.sku ?? '').slice(0, 40);
  if (property === 'qty') return `quantity of ${sku} must be a whole number from 1 to 1000, not ${items[index]?.qty}`;
  return `"${sku}" is no SKU: ${issue.message}`;
}
