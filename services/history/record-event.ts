import type { KnownEvent } from '#contracts/events/registry.ts';
import { type Clock, instant } from '#kit/clock.ts';
import type { Tx } from '#kit/postgres/database.ts';
import { foldOrder } from './fold-order.ts';
import { sortByCausality } from './sort-by-causality.ts';
import { insertEvent, lockOrder, upsertView } from './store.ts';
import { type Received, toEntry, toEvent, toStored } from './timeline.ts';
import type { Updates } from './updates.ts';

export type RecordEventDeps = { clock: Clock; updates: Updates };

/**
 * Takes an event into the timeline and folds its order anew, in the caller's transaction; tells subscribers after the
 * commit. While `order.created` has not arrived there is nothing to show: the events before it are told with it.
 */
export async function recordEvent(deps: RecordEventDeps, tx: Tx, event: KnownEvent, received: Received): Promise<void> {
  const stored = toStored(event, received, instant(deps.clock));
  // One round trip: the connection pipelines, and the second statement sees what was committed when the lock was granted.
  const [, earlier] = await Promise.all([lockOrder(tx, stored.orderId), insertEvent(tx, stored)]);
  if (earlier === null) return;
  const { position } = earlier;
  const timeline = [...earlier.events, { position, event: stored }];
  const view = foldOrder(timeline.map((each) => toEvent(each.event)));
  if (view === null) return;
  upsertView(tx, view);
  const news = event.event === 'order.created' ? timeline : timeline.filter((each) => each.position === position);
  const inOrder = sortByCausality(news.map((each) => ({ ...each.event, position: each.position })));
  tx.onCommit(() => {
    for (const { position, ...each } of inOrder) deps.updates.publish({ position, order: view, entry: toEntry(each) });
  });
}
