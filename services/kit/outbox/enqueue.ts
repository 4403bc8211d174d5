import type { EventMetadata } from '#contracts/events/envelope.ts';
import { type EventData, type EventName, events } from '#contracts/events/events.ts';
import { type EventOf, makeEvent } from '#contracts/events/registry.ts';
import { newId } from '../ids.ts';
import type { Database, Statement, Tx } from '../postgres/database.ts';
import { type TraceHeaders, traceHeaders } from '../telemetry/spans.ts';

/** Hint topic of `tx.wakeOnCommit` that the relay listens to. */
export const outboxHint = 'outbox';

export type Cause = Pick<EventMetadata, 'id' | 'correlationId' | 'sagaId'>;

export type NewEvent<N extends EventName> = {
  event: N;
  data: EventData<N>;
  /** Process that publishes it: `service.name`. */
  producer: string;
  /** Order id: the record's key, the correlation id, and what keeps its order. */
  orderId: string;
  /** What the event is about, e.g. `order`, `reservation`, `payment`. */
  aggregateType: string;
  /** Gapless version of that aggregate within its owner, from 1. */
  aggregateVersion: number;
} & (
  | { /** Metadata of the message that led to this one; correlation and saga carry over. */ cause: Cause }
  | { cause: null; sagaId: string }
);

/**
 * Stores an event in the transaction of the change that it announces; the relay publishes it after the commit. The
 * row keeps the trace context of the active span. Throws `internal` when the data breaks the event's schema.
 */
export async function enqueue<N extends EventName>(tx: Tx, event: NewEvent<N>): Promise<EventOf<N>> {
  const metadata: EventMetadata = {
    id: newId(),
    occurredAt: new Date().toISOString(),
    correlationId: event.cause?.correlationId ?? event.orderId,
    causationId: event.cause?.id ?? null,
    sagaId: event.cause === null ? event.sagaId : event.cause.sagaId,
    aggregateVersion: event.aggregateVersion,
    producer: event.producer,
  };
  const made = makeEvent(event.event, event.data, metadata);
  insertOutboxRow(tx, {
    id: metadata.id,
    topic: events[event.event].topic,
    key: event.orderId,
    aggregateType: event.aggregateType,
    aggregateId: event.orderId,
    aggregateVersion: event.aggregateVersion,
    type: event.event,
    schemaVersion: made.version,
    payload: JSON.stringify(made),
    raw: null,
    headers: traceHeaders(),
  });
  return made;
}

export type OutboxRow = {
  id: string;
  topic: string;
  key: string;
  aggregateType: string;
  aggregateId: string;
  aggregateVersion: number | null;
  type: string;
  schemaVersion: string | null;
  payload: string | null;
  raw: Buffer | null;
  /** Trace context of the writer; further members become record headers as they are. */
  headers: TraceHeaders & Record<string, string>;
};

/** Low level: one outbox row, written together with the commit, and the hint. Services use `enqueue`. */
export function insertOutboxRow(tx: Tx, row: OutboxRow): void {
  tx.deferRow(insertRows, row);
  tx.wakeOnCommit(outboxHint);
}

/** While `sink` gives one, messages go there after the commit, and no row is written. */
export function divertOutbox(db: Database, sink: () => ((row: OutboxRow) => void) | null): void {
  db.divert(insertRows, sink);
}

/** All outbox rows of a transaction in one statement, in the order in which they were given: that is their `seq`. */
function insertRows(rows: readonly OutboxRow[]): Statement {
  return {
    text: `insert into outbox (id, topic, key, aggregate_type, aggregate_id, aggregate_version, type, schema_version, payload, raw, headers)
     select id, topic, key, aggregate_type, aggregate_id, aggregate_version, type, schema_version, payload::json, raw, headers::jsonb
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::bytea[], $11::text[])
       with ordinality as row (id, topic, key, aggregate_type, aggregate_id, aggregate_version, type, schema_version, payload, raw, headers, n)
     order by n`,
    values: [
      rows.map((row) => row.id),
      rows.map((row) => row.topic),
      rows.map((row) => row.key),
      rows.map((row) => row.aggregateType),
      rows.map((row) => row.aggregateId),
      rows.map((row) => row.aggregateVersion),
      rows.map((row) => row.type),
      rows.map((row) => row.schemaVersion),
      rows.map((row) => row.payload),
      rows.map((row) => row.raw),
      rows.map((row) => JSON.stringify(row.headers)),
    ],
  };
}
