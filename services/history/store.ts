import type { OrderView } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import type { StoredEvent } from './timeline.ts';

/** A stored event and its id on the stream. */
export type Positioned = { position: number; event: StoredEvent };

/**
 * Lets one transaction at a time work on an order. Its events come from four topics, read at the same time; without
 * this two of them could each fold a timeline that lacks the other.
 */
export async function lockOrder(tx: Queryable, orderId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orderId]);
}

/**
 * Adds an event to the timeline; returns its position and the order's other events, in no order that matters. Null
 * when it was there already.
 */
export async function insertEvent(
  tx: Queryable,
  stored: StoredEvent,
): Promise<{ position: number; events: Positioned[] } | null> {
  // The events before it are read by the same statement, as one value: a row of its own for each costs ten times more.
  const { rows } = await tx.query<{ position: number; events: EventRow[] }>(
    `with added as (
       insert into timeline (message_id, order_id, event, version, producer, causation_id, saga_id, aggregate_version,
         occurred_at, received_at, topic, partition, "offset", traceparent, data)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (message_id) do nothing
       returning position
     )
     select position, coalesce((select json_agg(earlier) from (
         select ${eventColumns} from timeline where order_id = $2
       ) as earlier), '[]') as events
     from added`,
    [
      stored.messageId,
      stored.orderId,
      stored.event,
      stored.version,
      stored.producer,
      stored.causationId,
      stored.sagaId,
      stored.aggregateVersion,
      stored.occurredAt,
      stored.receivedAt,
      stored.topic,
      stored.partition,
      stored.offset,
      stored.traceparent,
      JSON.stringify(stored.data),
    ],
  );
  const [row] = rows;
  return row === undefined ? null : { position: row.position, events: row.events.map(fromJson) };
}

const eventColumns = `position, message_id, order_id, event, version, producer, causation_id, saga_id, aggregate_version,
  occurred_at, received_at, topic, partition, "offset", traceparent, data`;

/** Every event of an order, in no order that matters. */
export async function eventsOf(db: Queryable, orderId: string): Promise<Positioned[]> {
  const { rows } = await db.query<EventRow>(`select ${eventColumns} from timeline where order_id = $1`, [orderId]);
  return rows.map(fromRow);
}

/**
 * Events that somebody who has seen `position` may not have seen, up to `limit`, after `cursor`, by position. Some may
 * be repeats: positions are drawn before commit, so the line between seen and unseen is drawn by transactions (see the
 * migration). When an order's view began in that window, all of its earlier events are part of the news. Empty when
 * the position is not known here.
 */
export async function eventsSince(
  db: Queryable,
  position: number,
  cursor: number,
  limit: number,
): Promise<Positioned[]> {
  const { rows } = await db.query<EventRow>(
    `with seen as (select horizon from timeline where position = $1),
     news as (select t.* from timeline t, seen where t.tx >= seen.horizon and t.position <> $1)
     select ${eventColumns} from timeline t
     where t.position > $2 and (
       t.message_id in (select message_id from news)
       or (t.position <> $1 and t.order_id in (select order_id from news where event = 'order.created')))
     order by t.position limit $3`,
    [position, cursor, limit],
  );
  return rows.map(fromRow);
}

/** Stores the view of an order in place of the one before, together with the commit. */
export function upsertView(tx: Tx, view: OrderView): void {
  tx.defer(
    `insert into order_view (id, view) values ($1, $2)
     on conflict (id) do update set view = excluded.view where order_view.view is distinct from excluded.view`,
    [view.id, JSON.stringify(view)],
  );
}

/** Views of several orders by id. */
export async function findViews(db: Queryable, ids: readonly string[]): Promise<Map<string, OrderView>> {
  const { rows } = await db.query<{ id: string; view: OrderView }>(
    'select id, view from order_view where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, view }) => [id, view]));
}

export type ViewFilter = { status?: OrderStatus; customerId?: string; before?: string; limit: number };

/** Views, newest first: ids are UUIDv7, so they sort by time. Returns one more than `limit` when there are more. */
export async function listViews(db: Queryable, filter: ViewFilter): Promise<OrderView[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (sql: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(`${sql} $${values.length}`);
  };
  where('status =', filter.status);
  where('customer_id =', filter.customerId);
  where('id <', filter.before);
  values.push(filter.limit + 1);
  const { rows } = await db.query<{ view: OrderView }>(
    `select view from order_view ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}
     order by id desc limit $${values.length}`,
    values,
  );
  return rows.map(({ view }) => view);
}

/** Number of orders per status. */
export async function countByStatus(db: Queryable): Promise<Record<string, number>> {
  const { rows } = await db.query<{ status: string; count: number }>(
    'select status, count(*) as count from order_view group by status order by status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

type EventRow = {
  position: number;
  message_id: string;
  order_id: string;
  event: string;
  version: string;
  producer: string;
  causation_id: string | null;
  saga_id: string;
  aggregate_version: number;
  occurred_at: string;
  received_at: string;
  topic: string;
  partition: number;
  offset: number;
  traceparent: string | null;
  data: Record<string, unknown>;
};

/** A row that Postgres made JSON of: timestamps are in its own notation and time zone. */
function fromJson(row: EventRow): Positioned {
  return fromRow({ ...row, occurred_at: toInstant(row.occurred_at), received_at: toInstant(row.received_at) });
}

function toInstant(timestamp: string): string {
  return new Date(timestamp).toISOString();
}

function fromRow(row: EventRow): Positioned {
  const event: StoredEvent = {
    messageId: row.message_id,
    orderId: row.order_id,
    event: row.event,
    version: row.version,
    producer: row.producer,
    causationId: row.causation_id,
    sagaId: row.saga_id,
    aggregateVersion: row.aggregate_version,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    topic: row.topic,
    partition: row.partition,
    offset: String(row.offset),
    traceparent: row.traceparent,
    data: row.data,
  };
  return { position: row.position, event };
}
