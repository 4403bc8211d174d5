import type { SpanRecord, StoredLog } from '../records.ts';

/** Told of records the moment they arrive, before they are written. Must be quick and must not throw. */
export type Subscriber = {
  spans?(spans: readonly SpanRecord[]): void;
  logs?(logs: readonly StoredLog[]): void;
};

/** Hands what arrives to whoever listens. */
export type Hub = {
  subscribe(subscriber: Subscriber): () => void;
  publishSpans(spans: readonly SpanRecord[]): void;
  publishLogs(logs: readonly StoredLog[]): void;
};

export function createHub(): Hub {
  const subscribers = new Set<Subscriber>();
  return {
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => subscribers.delete(subscriber);
    },
    publishSpans(spans) {
      for (const subscriber of subscribers) subscriber.spans?.(spans);
    },
    publishLogs(logs) {
      for (const subscriber of subscribers) subscriber.logs?.(logs);
    },
  };
}
