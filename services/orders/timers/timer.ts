import type { OrderEvent, OrderState } from '../order.ts';

/** A deadline of an order. One per name: setting it again moves it. */
export type Timer = { name: string; attempt: number; firesAt: string };

/** Longest pause between two tries of a compensation, milliseconds. */
const longestRetryMs = 300_000;

/** Pause before a compensation is asked for again, milliseconds: `firstMs`, doubled with each attempt, at most 5 min. */
export function compensationRetryMs(firstMs: number, attempt: number): number {
  return Math.min(firstMs * 2 ** (attempt - 1), longestRetryMs);
}

/** Timers that the events of a choreographed order make necessary; `order` is the state after them. */
export function timersOf(order: OrderState, events: readonly OrderEvent[], at: string, firstRetryMs: number): Timer[] {
  return events.flatMap((event) => {
    if (event.type !== 'order.compensating' || order.status !== 'compensating') return [];
    const firesAt = after(at, compensationRetryMs(firstRetryMs, event.attempt));
    return [{ name: 'compensation', attempt: event.attempt, firesAt }];
  });
}

/** The instant `ms` milliseconds after another. */
export function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
