import type { ReservationEvent } from './reservation.ts';
import type { Line } from './stock.ts';

/** How one SKU changes. Only a change of `onHand` is a movement and goes into the ledger. */
export type StockChange = { sku: string; onHand: number; reserved: number };

/** What an event does to the shelves, in SKU order: rows are always locked in this order, so no two orders deadlock. */
export function stockChanges(event: ReservationEvent, lines: readonly Line[]): StockChange[] {
  const sorted = [...lines].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  switch (event.type) {
    case 'reserved':
      return sorted.map(({ sku, qty }) => ({ sku, onHand: 0, reserved: qty }));
    case 'released':
      return event.reservationId === null ? [] : sorted.map(({ sku, qty }) => ({ sku, onHand: 0, reserved: -qty }));
    case 'committed':
      return sorted.map(({ sku, qty }) => ({ sku, onHand: -qty, reserved: event.held ? -qty : 0 }));
    case 'rejected':
      return [];
  }
}
