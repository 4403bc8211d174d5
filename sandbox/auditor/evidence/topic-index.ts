import type { TopicRecord } from './topic-record.ts';

/** Events that end an order. */
export const endings: ReadonlySet<string> = new Set(['order.confirmed', 'order.cancelled']);

export type IndexedOrder = {
  id: string;
  records: TopicRecord[];
  /** When the last of its messages was read here, epoch milliseconds. */
  touchedAt: number;
  ended: boolean;
  /** It was judged after its last message. */
  settled: boolean;
  /** It was judged before, so its evidence is counted already. */
  counted: boolean;
};

export type TopicIndex = {
  add(record: TopicRecord, nowMs: number): void;
  /**
   * Orders that are not judged yet, oldest first: those that have ended and were quiet since `quietSinceMs`, and those
   * that have not ended and were quiet since `staleSinceMs` (a message may belong to no order at all).
   */
  due(quietSinceMs: number, staleSinceMs: number, limit: number): IndexedOrder[];
  get(orderId: string): IndexedOrder | undefined;
  ids(): string[];
  /** True when messages of this order were dropped from memory, so that "there is none" cannot be said of it. */
  forgotten(orderId: string): boolean;
  /** Kinds of messages that each consumer has handled at least once: `consumer event style`. */
  handledKinds: Set<string>;
  stats(): { held: number; messages: number; waiting: number };
  /** Messages whose body holds something that looks like a mail address, the first hundred. */
  canaries: TopicRecord[];
  /** Messages in which canaries were looked for. */
  scanned: number;
};

/**
 * Every message by its order. The topics are the auditor's cursor: an offset, unlike a sequence in a table, never skips
 * what commits late. Bounded: judged orders are forgotten first, oldest first.
 */
export function createTopicIndex({ maxOrders }: { maxOrders: number }): TopicIndex {
  const orders = new Map<string, IndexedOrder>();
  let messages = 0;
  let forgottenUpTo = '';

  /** Judged orders go first; when there are too many that are not, the oldest of them. */
  function forget(): void {
    for (const settledOnly of [true, false]) {
      for (const order of orders.values()) {
        if (orders.size <= maxOrders) return;
        if (settledOnly && !order.settled) continue;
        orders.delete(order.id);
        // Order ids are UUIDv7: they sort by time.
        if (order.id > forgottenUpTo) forgottenUpTo = order.id;
      }
    }
  }

  return {
    handledKinds: new Set(),
    canaries: [],
    scanned: 0,
    add(record, nowMs) {
      messages += 1;
      const order = orders.get(record.key) ?? {
        id: record.key,
        records: [],
        touchedAt: nowMs,
        ended: false,
        settled: false,
        counted: false,
      };
      order.records.push(record);
      order.touchedAt = nowMs;
      order.settled = false;
      order.ended ||= record.topic.endsWith('.events') && record.event !== null && endings.has(record.event);
      orders.set(record.key, order);
      // A tenth at a time: each time costs a walk over all.
      if (orders.size > maxOrders * 1.1) forget();
    },
    due(quietSinceMs, staleSinceMs, limit) {
      const found: IndexedOrder[] = [];
      for (const order of orders.values()) {
        if (order.settled || order.touchedAt > (order.ended ? quietSinceMs : staleSinceMs)) continue;
        found.push(order);
        if (found.length === limit) break;
      }
      return found;
    },
    get: (orderId) => orders.get(orderId),
    ids: () => [...orders.keys()],
    forgotten: (orderId) => orderId <= forgottenUpTo && !orders.has(orderId),
    stats() {
      const waiting = [...orders.values()].filter(({ settled }) => !settled).length;
      return { held: orders.size, messages, waiting };
    },
  };
}
