import type { Queryable, Tx } from '#kit/postgres/database.ts';
import { type TraceHeaders, traceHeaders } from '#kit/telemetry/spans.ts';
import type { Timer } from './timer.ts';

export type DueTimer = Timer & { trace: TraceHeaders };

/** Sets timers, together with the commit. The trace of who set them goes on when they fire. */
export function setTimers(tx: Tx, orderId: string, timers: readonly Timer[]): void {
  if (timers.length === 0) return;
  tx.defer(
    `insert into saga_timer (order_id, name, attempt, fires_at, trace)
     select $1::uuid, timer.*, $5::jsonb from unnest($2::text[], $3::int[], $4::timestamptz[]) as timer
     on conflict (order_id, name) do update
       set attempt = excluded.attempt, fires_at = excluded.fires_at, trace = excluded.trace`,
    [
      orderId,
      timers.map((timer) => timer.name),
      timers.map((timer) => timer.attempt),
      timers.map((timer) => timer.firesAt),
      JSON.stringify(traceHeaders()),
    ],
  );
}

/** The due timer that has waited longest; null when none is due. */
export async function findDueTimer(db: Queryable, now: string): Promise<{ orderId: string; name: string } | null> {
  const { rows } = await db.query<{ order_id: string; name: string }>(
    'select order_id, name from saga_timer where fires_at <= $1 order by fires_at limit 1',
    [now],
  );
  return rows[0] === undefined ? null : { orderId: rows[0].order_id, name: rows[0].name };
}

/** Takes a timer away, in a transaction that holds the order's lock; null when it is not due any more. */
export async function takeTimer(tx: Queryable, orderId: string, name: string, now: string): Promise<DueTimer | null> {
  const { rows } = await tx.query<{ attempt: number; fires_at: string; trace: TraceHeaders }>(
    'delete from saga_timer where order_id = $1 and name = $2 and fires_at <= $3 returning attempt, fires_at, trace',
    [orderId, name, now],
  );
  const [row] = rows;
  return row === undefined ? null : { name, attempt: row.attempt, firesAt: row.fires_at, trace: row.trace };
}

/**
 * Takes away due timers whose question has been answered meanwhile: the order is paid or has ended, the step is done or
 * was started anew. Only what is in doubt is told.
 */
export async function sweepMootTimers(db: Queryable, now: string): Promise<number> {
  const { rowCount } = await db.query(
    // Rows that a transaction is at work on wait for the next sweep: two that wait for each other would deadlock.
    `with moot as (
       select t.order_id, t.name from saga_timer t join orders o on o.id = t.order_id
        where t.fires_at <= $1 and case
          when t.name = 'payment' then o.status not in ('created', 'screened', 'reserved')
          when o.saga_style = 'choreography' then o.status <> 'compensating'
          else not exists (select from saga_step s where s.order_id = o.id and s.name = t.name
                             and s.state in ('running', 'undoing') and s.attempts = t.attempt)
        end
        for update of t skip locked
     )
     delete from saga_timer t using moot where t.order_id = moot.order_id and t.name = moot.name`,
    [now],
  );
  return rowCount;
}

/** Timers of an order that have not fired, the next one first. */
export async function timersOfOrder(db: Queryable, orderId: string): Promise<Timer[]> {
  const { rows } = await db.query<{ name: string; attempt: number; fires_at: string }>(
    'select name, attempt, fires_at from saga_timer where order_id = $1 order by fires_at',
    [orderId],
  );
  return rows.map((row) => ({ name: row.name, attempt: row.attempt, firesAt: row.fires_at }));
}
