/** What the orders of a run look like. Pure: an order follows from the plan and its number alone. */
import type { OrderItem, PaymentMethod, SagaStyle } from '#contracts/http/orders.ts';
import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { type LoadKind, loadKinds } from '#contracts/sandbox/load-limits.ts';
import { customers } from '#contracts/seed/customers.ts';
import { products, scarceSkus } from '#contracts/seed/products.ts';
import { seededRandom } from './random.ts';

export type PlannedOrder = {
  kind: LoadKind;
  /** Body of `POST /orders`. */
  order: { customerId: string; items: OrderItem[]; payment: PaymentMethod; sagaStyle: SagaStyle };
  /** Milliseconds from the acknowledgement to the cancellation; null where nobody cancels. */
  cancelAfterMs: number | null;
};

/** Only products that a long run does not sell out by the way: running out is a kind of its own. */
const plenty = products.filter((product) => product.initialStock >= 1_000);
/** Spread over the time that a saga takes, so that cancellations meet every step of it. */
const latestCancelMs = 400;
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Order `n` of a run, from 0. */
export function plannedOrder({ seed, mix, saga }: Pick<LoadPlan, 'seed' | 'mix' | 'saga'>, n: number): PlannedOrder {
  const kind = kindOf(seed, mix, n);
  const random = seededRandom(seed, n + 2);
  return {
    kind,
    order: {
      customerId: pick(customers, random).id,
      items: basket(kind, random),
      payment: { token: tokens[kind] },
      sagaStyle: saga === 'both' ? (n % 2 === 0 ? 'choreography' : 'orchestration') : saga,
    },
    cancelAfterMs: kind === 'cancelled' ? Math.floor(random() * latestCancelMs) : null,
  };
}

const tokens = {
  happy: 'tok_visa',
  declined: 'tok_declined',
  outOfStock: 'tok_visa',
  slow: 'tok_slow',
  cancelled: 'tok_visa',
} as const satisfies Record<LoadKind, PaymentMethod['token']>;

/**
 * The kinds follow the additive recurrence of the golden ratio, which is spread evenly over [0, 1) for every prefix:
 * already few orders hold the shares nearly exactly, where independent draws would be far off.
 */
function kindOf(seed: number, mix: LoadPlan['mix'], n: number): LoadKind {
  const whole = loadKinds.reduce((sum, kind) => sum + mix[kind], 0);
  let rest = ((seededRandom(seed)() + n * goldenRatio) % 1) * whole;
  for (const kind of loadKinds) {
    if (rest < mix[kind]) return kind;
    rest -= mix[kind];
  }
  return loadKinds.findLast((kind) => mix[kind] > 0) ?? 'happy';
}

/** One to three products, one or two pieces of each; out of stock: one of which there is none (more pieces would look like fraud). */
function basket(kind: LoadKind, random: () => number): OrderItem[] {
  if (kind === 'outOfStock') return [{ sku: pick(scarceSkus.none, random), qty: 1 }];
  const wanted = 1 + Math.floor(random() * 3);
  const skus = new Set<string>();
  while (skus.size < wanted) skus.add(pick(plenty, random).sku);
  return [...skus].map((sku) => ({ sku, qty: 1 + Math.floor(random() * 2) }));
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('cannot pick from an empty list');
  return item;
}
