import type { OrderView } from '#contracts/http/history.ts';
import type { OrderStatus } from '#contracts/http/orders.ts';
import type { Queryable, Statement, Tx } from '#kit/postgres/database.ts';
import type { StoredEvent } from './timeline.ts';

/** A stored event and its id on the stream. */
export type Positioned = { position: number; event: StoredEvent };

/**
 * Lets one transaction at a time work on an order. Its events come from several topics; without this two processes could
 * each fold a timeline that lacks what the other has. Always in the same order, so that two never wait for each other.
 */
export async function lockOrders(tx: Queryable, orderIds: readonly string[]): Promise<void> {
  await tx.query(
    `select pg_advisory_xact_lock(lock) from (
       select hashtextextended(id, 0) as lock from unnest($1::text[]) as id order by 1 offset 0
     ) as locks`,
    [orderIds],
  );
}

/**
 * Adds events to their timelines, in the order given. Returns those that were not there yet, with their positions, and
 * all earlier events of their orders, in no order that matters.
 */
export async function insertEvents(
  tx: Queryable,
  stored: readonly StoredEvent[],
): Promise<{ added: Positioned[]; earlier: Positioned[] }> {
  // All that comes back is one row: a row of its own for each event costs ten times more. The select sees the timeline
  // as it was before the insert.
  const { rows } = await tx.query<{ added: { message_id: string; position: number }[]; earlier: EventRow[] }>(
    `with added as (
       insert into timeline (message_id, order_id, event, version, producer, causation_id, saga_id, aggregate_version,
         occurred_at, received_at, topic, partition, "offset", traceparent, data)
       select message_id, order_id, event, version, producer, causation_id, saga_id, aggregate_version,
         occurred_at, received_at, topic, partition, "offset", traceparent, data::jsonb
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::int[],
         $9::timestamptz[], $10::timestamptz[], $11::text[], $12::int[], $13::bigint[], $14::text[], $15::text[])
         with ordinality as event (message_id, order_id, event, version, producer, causation_id, saga_id,
           aggregate_version, occurred_at, received_at, topic, partition, "offset", traceparent, data, n)
       order by n
       on conflict (message_id) do nothing
       returning message_id, position
     )
     select coalesce((select json_agg(added) from added), '[]') as added,
       coalesce((select json_agg(before) from (
         select ${eventColumns} from timeline where order_id = any($2::uuid[])
       ) as before), '[]') as earlier`,
    [
      stored.map((event) => event.messageId),
      stored.map((event) => event.orderId),
      stored.map((event) => event.event),
      stored.map((event) => event.version),
      stored.map((event) => event.producer),
      stored.map((event) => event.causationId),
      stored.map((event) => event.sagaId),
      stored.map((event) => event.aggregateVersion),
      stored.map((event) => event.occurredAt),
      stored.map((event) => event.receivedAt),
      stored.map((event) => event.topic),
      stored.map((event) => event.partition),
      stored.map((event) => event.offset),
      stored.map((event) => event.traceparent),
      stored.map((event) => JSON.stringify(event.data)),
    ],
  );
  const { added = [], earlier = [] } = rows[0] ?? {};
  const positions = new Map(added.map(({ message_id, position }) => [message_id, position]));
  return {
    added: stored.flatMap((event) => {
      const position = positions.get(event.messageId);
      // A message that was published twice is in the batch twice, and in the timeline once.
      positions.delete(event.messageId);
      return position === undefined ? [] : [{ position, event }];
    }),
    earlier: earlier.map(fromJson),
  };
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

/** Stores the view of an order in place of the one before, together with the commit and all others. */
export function upsertView(tx: Tx, view: OrderView): void {
  tx.deferRow(upsertViews, view);
}

function upsertViews(views: readonly OrderView[]): Statement {
  return {
    text: `insert into order_view (id, view)
     select id, view::jsonb from unnest($1::uuid[], $2::text[]) as row (id, view) order by id
     on conflict (id) do update set view = excluded.view where order_view.view is distinct from excluded.view`,
    values: [views.map((view) => view.id), views.map((view) => JSON.stringify(view))],
  };
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
