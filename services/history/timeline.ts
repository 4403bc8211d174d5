import type { KnownEvent } from '#contracts/events/registry.ts';
import type { TimelineEntry } from '#contracts/http/history.ts';

/** Where a message was read. */
export type Received = { topic: string; partition: number; offset: string };

/** An event of the timeline as history stores it: the contract's entry and what only the fold needs. */
export type StoredEvent = TimelineEntry & { orderId: string; sagaId: string; aggregateVersion: number };

/** What is stored of a message just read. */
export function toStored(event: KnownEvent, received: Received, receivedAt: string): StoredEvent {
  const { metadata } = event;
  return {
    messageId: metadata.id,
    orderId: event.data.orderId,
    event: event.event,
    version: event.version,
    producer: metadata.producer,
    causationId: metadata.causationId,
    sagaId: metadata.sagaId,
    aggregateVersion: metadata.aggregateVersion,
    occurredAt: metadata.occurredAt,
    receivedAt,
    topic: received.topic,
    partition: received.partition,
    offset: received.offset,
    traceparent: metadata.traceparent ?? null,
    data: event.data,
  };
}

/** The event again, for folding. It was checked against its schema before it was stored. */
export function toEvent(stored: StoredEvent): KnownEvent {
  return {
    event: stored.event,
    version: stored.version,
    data: stored.data,
    metadata: {
      id: stored.messageId,
      occurredAt: stored.occurredAt,
      correlationId: stored.orderId,
      causationId: stored.causationId,
      sagaId: stored.sagaId,
      aggregateVersion: stored.aggregateVersion,
      producer: stored.producer,
      traceparent: stored.traceparent ?? undefined,
    },
  } as KnownEvent;
}

/** What the outside sees of a stored event. */
export function toEntry(stored: StoredEvent): TimelineEntry {
  const { orderId: _order, sagaId: _saga, aggregateVersion: _version, ...entry } = stored;
  return entry;
}
