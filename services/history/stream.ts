import type { EventStream } from '#kit/http/event-stream.ts';
import type { Queryable } from '#kit/postgres/database.ts';
import { eventsSince, findViews } from './store.ts';
import { toEntry } from './timeline.ts';
import type { PositionedUpdate, Updates } from './updates.ts';

export type StreamRequest = {
  orderId?: string;
  /** Last-Event-ID: stream position up to which the client has seen everything; null for "live only". */
  lastEventId: number | null;
};

const replayPage = 500;

/**
 * Sends order updates until the stream closes: first what was missed since `lastEventId`, then live. Every update is
 * sent at least once; a repeat has the same `entry.messageId`. When one may have been missed the stream is closed, and
 * whoever comes back gets it. Throws when the missed ones cannot be read.
 */
export async function streamOrders(
  { db, updates }: { db: Queryable; updates: Updates },
  stream: EventStream,
  { orderId, lastEventId }: StreamRequest,
): Promise<void> {
  const send = ({ position, order, entry }: PositionedUpdate) => {
    stream.send('order', { order, entry }, String(position));
  };
  let waiting: PositionedUpdate[] | null = lastEventId === null ? null : [];
  // Before the replay, so that nothing falls between it and the live part.
  const unsubscribe = updates.subscribe((update) => {
    if (orderId !== undefined && update.order.id !== orderId) return;
    if (waiting === null) send(update);
    else waiting.push(update);
  }, stream.close);
  void stream.closed.then(unsubscribe);
  if (lastEventId === null || waiting === null) return stream.closed;
  const replayed = new Set<string>();
  for await (const update of missedSince(db, lastEventId, orderId)) {
    replayed.add(update.entry.messageId);
    send(update);
  }
  const meanwhile = waiting;
  waiting = null;
  for (const update of meanwhile) if (!replayed.has(update.entry.messageId)) send(update);
  return stream.closed;
}

async function* missedSince(db: Queryable, seen: number, orderId?: string): AsyncGenerator<PositionedUpdate> {
  for (let cursor = 0; ; ) {
    const page = await eventsSince(db, seen, cursor, replayPage);
    const views = await findViews(db, [...new Set(page.map(({ event }) => event.orderId))]);
    for (const { position, event } of page) {
      cursor = position;
      // The view as it is now: at least as new as the one after this event.
      const order = views.get(event.orderId);
      if (order === undefined || (orderId !== undefined && order.id !== orderId)) continue;
      yield { position, order, entry: toEntry(event) };
    }
    if (page.length < replayPage) return;
  }
}
