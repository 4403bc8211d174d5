import type { KnownEvent } from '#contracts/events/registry.ts';
import { type Clock, instant } from '#kit/clock.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { foldOrder } from './fold-order.ts';
import { sortByCausality } from './sort-by-causality.ts';
import { insertEvents, lockOrders, type Positioned, upsertView } from './store.ts';
import { type Received, type StoredEvent, toEntry, toEvent, toStored } from './timeline.ts';
import type { Updates } from './updates.ts';

export type RecordEventDeps = { clock: Clock; updates: Updates };

/** An event and where it was read. */
export type ReceivedEvent = { event: KnownEvent; received: Received };

/**
 * Takes events into their timelines and folds their orders anew, in the caller's transaction and the same few
 * statements however many there are; tells subscribers after the commit. While `order.created` has not arrived there is
 * nothing to show of an order: the events before it are told with it.
 */
export async function recordEvents(deps: RecordEventDeps, tx: Tx, batch: readonly ReceivedEvent[]): Promise<void> {
  // Delivered again they are repeats, of which nothing is told.
  tx.onDoubt(() => deps.updates.interrupt());
  const receivedAt = instant(deps.clock);
  const stored = batch.map(({ event, received }) => toStored(event, received, receivedAt));
  const orderIds = [...new Set(stored.map(({ orderId }) => orderId))];
  // One round trip: the connection pipelines, and the second statement sees what was committed when the locks were granted.
  const [, { added, earlier }] = await Promise.all([lockOrders(tx, orderIds), insertEvents(tx, stored)]);
  const newOf = Map.groupBy(added, ({ event }) => event.orderId);
  const earlierOf = Map.groupBy(earlier, ({ event }) => event.orderId);
  for (const [orderId, news] of newOf) foldAnew(deps, tx, earlierOf.get(orderId) ?? [], news);
}

function foldAnew(deps: RecordEventDeps, tx: Tx, earlier: readonly Positioned[], added: readonly Positioned[]): void {
  const timeline = [...earlier, ...added];
  const view = foldOrder(timeline.map((each) => toEvent(each.event)));
  if (view === null) return;
  upsertView(tx, view);
  const news = added.some(({ event }) => event.event === 'order.created') ? timeline : added;
  const inOrder = sortByCausality(news.map((each) => ({ ...each.event, position: each.position })));
  tx.onCommit(() => {
    for (const { position, ...each } of inOrder) {
      deps.updates.publish({ position, order: view, entry: toEntry(each satisfies StoredEvent) });
    }
  });
}
