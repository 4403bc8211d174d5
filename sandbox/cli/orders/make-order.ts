/** What the orders of a preset look like. Pure but for the random source given. */
import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { Product } from '#contracts/http/catalogue.ts';
import type { OrderCreate } from '#contracts/http/orders.ts';
import { customers } from '#contracts/seed/customers.ts';

export const presets = ['declined', 'out-of-stock', 'slow', 'late'] as const;
export type Preset = (typeof presets)[number];

const tokens = { declined: 'tok_declined', 'out-of-stock': 'tok_visa', slow: 'tok_slow', late: 'tok_slow' } as const;

/** Shorter than a slow provider's answer, milliseconds. */
const tooShortMs = 1_000;

export type OrderDraft = z.input<typeof OrderCreate>;

/** Pieces of one product that an order may hold at most (contracts/http/orders.ts). */
const mostPieces = 1_000;

/**
 * An order of one to three products; `random` is in [0, 1). Throws `not_found` when no product fits the preset,
 * `unavailable` when none has a price.
 */
export function makeOrder(products: readonly Product[], preset: Preset | null, random: () => number): OrderDraft {
  const customerId = pick(customers, random).id;
  if (preset === 'out-of-stock') {
    const scarce = products.filter((product) => product.available < mostPieces);
    if (scarce.length === 0) throw new AppError('not_found', 'every product has 1000 pieces or more: none can run out');
    const { sku, available } = scarce.reduce((least, product) =>
      product.available < least.available ? product : least,
    );
    return { customerId, items: [{ sku, qty: Math.max(1, available + 1) }], payment: { token: tokens[preset] } };
  }
  const priced = products.filter(({ price }) => price !== null);
  if (priced.length === 0) throw new AppError('unavailable', 'no product has a price: does pricing answer?');
  const stocked = priced.filter(({ available }) => available >= 10);
  if (stocked.length === 0)
    throw new AppError('not_found', 'no product is in stock: restart the sandbox with `reset`, or restock');
  const chosen = new Set<string>();
  const wanted = Math.min(stocked.length, 1 + Math.floor(random() * 3));
  while (chosen.size < wanted) chosen.add(pick(stocked, random).sku);
  const items = [...chosen].map((sku) => ({ sku, qty: 1 + Math.floor(random() * 2) }));
  const payment = { token: preset === null ? 'tok_visa' : tokens[preset] } as const;
  return { customerId, items, payment, ...(preset === 'late' ? { paymentTimeoutMs: tooShortMs } : {}) };
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('cannot pick from an empty list');
  return item;
}
