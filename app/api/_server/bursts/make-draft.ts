import type { BurstKind } from '#components/orders/burst-mix.ts';
import { AppError } from '#contracts/errors.ts';
import type { Product } from '#contracts/http/catalogue.ts';
import { customers } from '#contracts/seed/customers.ts';
import type { OrderDraft } from '../sources/gateway.ts';

/** More pieces than an order may hold of one product cannot be asked for, so such a product cannot run out. */
const mostPieces = 1000;

/** One order of a burst: one to three products, one or two pieces of each. `random` is in [0, 1). */
export function makeDraft(kind: BurstKind, products: readonly Product[], random: () => number): OrderDraft {
  const customerId = pick(customers, random).id;
  if (kind === 'outOfStock') {
    const scarce = products.filter(({ available }) => available < mostPieces).sort((a, b) => a.available - b.available);
    const [least] = scarce;
    if (!least) throw new AppError('not_found', 'every product has 1000 pieces or more: none can run out');
    const items = [{ sku: least.sku, qty: Math.max(1, least.available + 1) }];
    return { customerId, items, payment: { token: 'tok_visa' } };
  }
  const stocked = products.filter(({ available, price }) => available >= 10 && price !== null);
  if (stocked.length === 0)
    throw new AppError('not_found', 'no product is in stock: restock one, or run npm run orrery -- reset');
  const wanted = Math.min(stocked.length, 1 + Math.floor(random() * 3));
  const skus = new Set<string>();
  while (skus.size < wanted) skus.add(pick(stocked, random).sku);
  return {
    customerId,
    items: [...skus].map((sku) => ({ sku, qty: 1 + Math.floor(random() * 2) })),
    payment: { token: kind === 'declined' ? 'tok_declined' : 'tok_visa' },
  };
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new AppError('internal', 'cannot pick from an empty list');
  return item;
}
