import type { TimelineEntry } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';

/** The status that an event brings an order to, and how far along that is: a topic read late takes nothing back. */
const reached: Record<string, { status: OrderStatus; rank: number }> = {
  'order.created': { status: 'created', rank: 0 },
  'order.screened': { status: 'screened', rank: 1 },
  'inventory.reserved': { status: 'reserved', rank: 2 },
  'payment.succeeded': { status: 'paid', rank: 3 },
  'payment.failed': { status: 'compensating', rank: 4 },
  'order.compensating': { status: 'compensating', rank: 4 },
  'order.confirmed': { status: 'confirmed', rank: 5 },
  'order.cancelled': { status: 'cancelled', rank: 5 },
};

export type StateChange = { status: OrderStatus; before: OrderStatus | null; entry: TimelineEntry };

/** The order's way through its statuses, each with the event that brought it there. The timeline is in causal order. */
export function stateChanges(timeline: readonly TimelineEntry[]): StateChange[] {
  const changes: StateChange[] = [];
  let rank = -1;
  for (const entry of timeline) {
    const next = reached[entry.event];
    if (!next || next.rank <= rank) continue;
    changes.push({ status: next.status, before: changes.at(-1)?.status ?? null, entry });
    rank = next.rank;
  }
  return changes;
}
