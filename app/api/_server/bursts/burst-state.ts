import type { BurstPlan } from '#components/orders/burst-mix.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';

/** A burst as the browser sees it. Counts only, so that an update stays small for 200 orders. */
export type BurstState = {
  id: string;
  plan: BurstPlan;
  /** `placing` until every order was sent, `settling` until each accepted one has ended. */
  phase: 'placing' | 'settling' | 'finished' | 'cancelled' | 'failed';
  startedAtMs: number;
  endedAtMs: number | null;
  accepted: number;
  refused: number;
  /** Orders that the gateway put off with 429 or 503 and that wait for another try. */
  waiting: number;
  /** Times that the gateway put an order off. */
  putOff: number;
  confirmed: number;
  cancelled: number;
  /** Why the last order was refused, or why the burst failed. */
  problem: string | null;
};

export function isOver({ phase }: Pick<BurstState, 'phase'>): boolean {
  return phase === 'finished' || phase === 'cancelled' || phase === 'failed';
}

/**
 * Keeps account of which accepted orders have ended. The read model may tell of an order's end before the gateway has
 * answered that it accepted it, so both sides are remembered.
 */
export function createTally() {
  const accepted = new Set<string>();
  const ended = new Map<string, 'confirmed' | 'cancelled'>();
  const count = (status: 'confirmed' | 'cancelled') =>
    [...accepted].filter((orderId) => ended.get(orderId) === status).length;
  return {
    accept: (orderId: string) => void accepted.add(orderId),
    see(orderId: string, status: OrderStatus) {
      if (status === 'confirmed' || status === 'cancelled') ended.set(orderId, status);
    },
    counts: () => ({ accepted: accepted.size, confirmed: count('confirmed'), cancelled: count('cancelled') }),
    /** Accepted orders that have not ended, as far as is known. */
    open: () => [...accepted].filter((orderId) => !ended.has(orderId)),
  };
}
