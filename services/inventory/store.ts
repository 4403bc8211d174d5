import type { Queryable, Tx } from '#kit/postgres/database.ts';
import { type TraceHeaders, traceHeaders } from '#kit/telemetry/spans.ts';
import { type Reservation, type ReservationState, unknownOrder } from './reservation.ts';
import type { Line, StockLevel } from './stock.ts';
import type { StockChange } from './stock-changes.ts';

/**
 * Loads the reservation of an order and keeps everybody else away from it until the transaction ends. An advisory
 * lock, because there may be no row yet to lock. Two statements, since the second must see what the holder before us
 * committed; both travel in one round trip.
 */
export async function lockReservation(tx: Tx, orderId: string): Promise<Reservation> {
  const [, loaded] = await Promise.all([
    tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [orderId]),
    tx.query<{ state: ReservationState; reservation_id: string | null; version: number; lines: Line[] }>(
      `select r.state, r.reservation_id, r.version,
              coalesce((select json_agg(json_build_object('sku', l.sku, 'qty', l.qty) order by l.sku)
                          from reservation_lines l where l.order_id = r.order_id), '[]') as lines
         from reservations r where r.order_id = $1`,
      [orderId],
    ),
  ]);
  const row = loaded.rows[0];
  if (!row) return unknownOrder(orderId);
  return { orderId, state: row.state, reservationId: row.reservation_id, version: row.version, lines: row.lines };
}

/** Locks the stock rows of these SKUs, always in SKU order so that two orders never deadlock, and returns their levels. */
export async function lockStock(tx: Tx, skus: readonly string[]): Promise<StockLevel[]> {
  const { rows } = await tx.query<{ sku: string; on_hand: number; reserved: number }>(
    'select sku, on_hand, reserved from stock where sku = any($1) order by sku for update',
    [skus],
  );
  return rows.map((row) => ({ sku: row.sku, onHand: row.on_hand, reserved: row.reserved }));
}

/** How long a promise holds, and what led to it: what follows from its end has the same cause and trace. */
export type Promised = { ttlMs: number; cause: { id: string; sagaId: string } };

/**
 * Inserts or advances a reservation, together with the commit. Lines and the end of the promise are written once, when
 * the stock is promised.
 */
export function saveReservation(tx: Tx, reservation: Reservation, promised?: Promised): void {
  const { orderId, reservationId, state, version } = reservation;
  const lines = state === 'active' ? reservation.lines : [];
  tx.defer(
    `with promised as (
       insert into reservation_lines (order_id, sku, qty) select $1::uuid, * from unnest($5::text[], $6::integer[])
     )
     insert into reservations (order_id, reservation_id, state, version, expires_at, cause, trace)
     values ($1, $2, $3, $4, now() + $7::int * interval '1 millisecond', $8::jsonb, $9::jsonb)
     on conflict (order_id) do update set state = excluded.state, version = excluded.version, updated_at = now()`,
    [
      orderId,
      reservationId,
      state,
      version,
      lines.map((line) => line.sku),
      lines.map((line) => line.qty),
      promised?.ttlMs ?? null,
      promised === undefined ? null : JSON.stringify(promised.cause),
      promised === undefined ? null : JSON.stringify(traceHeaders()),
    ],
  );
}

/** Orders whose promise has run out, those first that wait longest. */
export async function findEndedReservations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ order_id: string }>(
    `select order_id from reservations where state = 'active' and expires_at <= now() order by expires_at limit 100`,
  );
  return rows.map((row) => row.order_id);
}

export type EndedPromise = { expiresAt: string; cause: Promised['cause']; trace: TraceHeaders };

/** What is known of a promise that has run out; null when it is none. Needs the order's lock. */
export async function takeEnded(tx: Tx, orderId: string): Promise<EndedPromise | null> {
  const { rows } = await tx.query<EndedPromise>(
    `select expires_at as "expiresAt", cause, trace from reservations
      where order_id = $1 and state = 'active' and expires_at <= now()`,
    [orderId],
  );
  return rows[0] ?? null;
}

/**
 * Applies changes to the shelves (rows locked in SKU order) and writes each movement of goods into the ledger, together
 * with the commit.
 */
export function changeStock(tx: Tx, orderId: string, changes: readonly StockChange[]): void {
  if (changes.length === 0) return;
  tx.defer(
    `with change as (select * from unnest($2::text[], $3::integer[], $4::integer[]) as c(sku, on_hand, reserved)),
          locked as (select sku from stock where sku = any($2) order by sku for update),
          moved as (
            update stock s set on_hand = s.on_hand + c.on_hand, reserved = s.reserved + c.reserved
              from locked join change c using (sku) where s.sku = locked.sku)
     insert into stock_ledger (sku, delta, kind, order_id, reason)
     select sku, on_hand, 'commit', $1::uuid, 'order confirmed' from change where on_hand <> 0`,
    [
      orderId,
      changes.map((change) => change.sku),
      changes.map((change) => change.onHand),
      changes.map((change) => change.reserved),
    ],
  );
}

export type StockRow = {
  sku: string;
  name: string;
  description: string;
  category: string;
  on_hand: number;
  reserved: number;
};

/** Stock of all products, or of one category, or of some SKUs, in SKU order. */
export async function readStock(
  db: Queryable,
  filter: { category: string | null; skus: readonly string[] | null },
): Promise<StockRow[]> {
  const { rows } = await db.query<StockRow>(
    `select sku, name, description, category, on_hand, reserved from stock
      where ($1::text is null or category = $1) and ($2::text[] is null or sku = any($2)) order by sku`,
    [filter.category, filter.skus],
  );
  return rows;
}

/** Adds pieces and records why. Null when there is no such SKU. */
export async function addStock(tx: Tx, sku: string, qty: number, reason: string): Promise<StockRow | null> {
  const { rows } = await tx.query<StockRow>(
    `update stock set on_hand = on_hand + $2 where sku = $1
     returning sku, name, description, category, on_hand, reserved`,
    [sku, qty],
  );
  const row = rows[0];
  if (!row) return null;
  await tx.query(`insert into stock_ledger (sku, delta, kind, reason) values ($1, $2, 'restock', $3)`, [
    sku,
    qty,
    reason,
  ]);
  return row;
}
