/** Finds out which orders have ended, by pages of the read model: a few requests a second, however many are open. */
import { type OrderStatus, terminalStatuses } from '#contracts/http/orders.ts';
import type { OrderPage } from './client.ts';

export type Ended = { id: string; status: OrderStatus; finishedAtMs: number };

const largestPage = 500;

/**
 * A reader of pages that goes from the newest open order to the oldest and begins again, at most `mostPages` per call,
 * so that orders that never end cost no more than others. Rejects when a page cannot be read.
 */
export function createEndFinder(page: (before: string, limit: number) => Promise<OrderPage>, mostPages = 4) {
  let cursor: string | null = null;
  return async (open: Iterable<string>): Promise<Ended[]> => {
    // UUIDv7 sort by time, and pages go by id.
    const newestFirst = [...open].sort().reverse();
    const older = (id: string | null) => (id === null ? newestFirst : newestFirst.filter((other) => other < id));
    if (older(cursor).length === 0) cursor = null;
    const ended: Ended[] = [];
    for (let asked = 0; asked < mostPages; asked += 1) {
      const rest = older(cursor);
      const [newest] = rest;
      if (newest === undefined) break;
      const { orders } = await page(successor(newest), Math.min(largestPage, Math.max(50, 2 * rest.length)));
      for (const { id, status, finishedAt } of orders) {
        if (finishedAt !== null && terminalStatuses.includes(status))
          ended.push({ id, status, finishedAtMs: Date.parse(finishedAt) });
      }
      cursor = orders.at(-1)?.id ?? newest;
    }
    return ended;
  };
}

/** The id after this one: pages hold what is below an id, and this one shall be among it. */
export function successor(id: string): string {
  const digits = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
