import type { OrderView } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';

/** Rows on screen, newest first, and those that arrived while the reader was further down. */
export type OrderList = {
  rows: readonly OrderView[];
  held: readonly OrderView[];
  hasMore: boolean;
};

export type OrderListFilter = { status: OrderStatus | null; customerId: string | null };

/** Rows that a live list keeps when nobody asked for older ones. */
export const mostLiveRows = 200;

export const emptyOrderList: OrderList = { rows: [], held: [], hasMore: false };

/**
 * Rows after a batch of changes. A known order changes in place; one that no longer fits the filter leaves; a new one
 * goes on top, or waits in `held` while `hold` is set.
 */
export function applyOrders(
  list: OrderList,
  changed: readonly OrderView[],
  { filter, hold, most = mostLiveRows }: { filter: OrderListFilter; hold: boolean; most?: number },
): OrderList {
  const latest = new Map(changed.map((order) => [order.id, order]));
  const update = (rows: readonly OrderView[]) =>
    rows.flatMap((row) => {
      const next = latest.get(row.id);
      latest.delete(row.id);
      if (!next) return [row];
      const newer = next.updatedAt < row.updatedAt ? row : next;
      return fits(newer, filter) ? [newer] : [];
    });
  const rows = update(list.rows);
  const held = update(list.held);
  const oldestId = list.rows.at(-1)?.id;
  const arrived = [...latest.values()].filter(
    // What is older than the page comes with its own page.
    (order) => fits(order, filter) && (!list.hasMore || oldestId === undefined || order.id > oldestId),
  );
  if (hold) return { ...list, rows, held: newestFirst([...arrived, ...held]) };
  return trim(
    { ...list, rows: newestFirst([...arrived, ...held, ...rows]), held: [] },
    Math.max(most, list.rows.length),
  );
}

const mostLatest = 12;
const everything: OrderListFilter = { status: null, customerId: null };

/** The newest orders, of each its newest state: what was read and what was pushed, whichever came first. */
export function latestOrders(
  known: readonly OrderView[] | undefined,
  changed: readonly OrderView[],
): OrderView[] | undefined {
  if (known === undefined) return undefined;
  const list = applyOrders({ ...emptyOrderList, rows: known }, changed, { filter: everything, hold: false });
  return list.rows.slice(0, mostLatest);
}

/** Puts on top what was held back. */
export function releaseHeld(list: OrderList): OrderList {
  return { ...list, rows: newestFirst([...list.held, ...list.rows]), held: [] };
}

/** The next page below. */
export function appendOlder(list: OrderList, page: { orders: readonly OrderView[]; hasMore: boolean }): OrderList {
  return { ...list, rows: merge(list.rows, page.orders), hasMore: page.hasMore };
}

/**
 * The first page read anew, after a pause say. Where it meets the known rows they are kept, with what is older; where it
 * does not, there is a gap, and the page stands alone.
 */
export function mergeFirstPage(list: OrderList, page: { orders: readonly OrderView[]; hasMore: boolean }): OrderList {
  const newestKnown = list.rows[0]?.id;
  const oldestRead = page.orders.at(-1)?.id;
  const meets = newestKnown !== undefined && oldestRead !== undefined && oldestRead <= newestKnown;
  if (!meets) return { rows: newestFirst(page.orders), held: [], hasMore: page.hasMore };
  const older = list.rows.filter(({ id }) => id < oldestRead);
  return { rows: merge(page.orders, older), held: [], hasMore: older.length > 0 ? list.hasMore : page.hasMore };
}

function fits(order: OrderView, { status, customerId }: OrderListFilter): boolean {
  return (status === null || order.status === status) && (customerId === null || order.customerId === customerId);
}

/** Ids are UUIDv7: their order is the order of time. */
function newestFirst(orders: readonly OrderView[]): OrderView[] {
  return [...orders].sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
}

function merge(some: readonly OrderView[], more: readonly OrderView[]): OrderView[] {
  return newestFirst([...new Map([...more, ...some].map((order) => [order.id, order])).values()]);
}

function trim(list: OrderList, most: number): OrderList {
  return list.rows.length <= most ? list : { ...list, rows: list.rows.slice(0, most), hasMore: true };
}
