import type { Logger } from '../logger.ts';

/** How often old rows are looked for. */
export const sweepEveryMs = 30_000;
/** Rows removed per statement: short locks, little work for vacuum at a time. */
const batch = 2_000;

/**
 * What each table keeps. Published rows stay an hour, to be looked at. The inbox must outlive any redelivery,
 * including a replay of dead letters: 7 days. What was parked and has gone its way: as long. Idempotency keys: 24 hours.
 */
const sweeps = [
  [
    'outbox',
    `delete from outbox where id in (select id from outbox where published_at < now() - interval '1 hour' limit ${batch})`,
  ],
  [
    'inbox',
    `delete from inbox where (consumer, message_id) in (select consumer, message_id from inbox where received_at < now() - interval '7 days' limit ${batch})`,
  ],
  [
    'parked',
    `delete from parked where (consumer, position) in (select consumer, position from parked where released_at < now() - interval '7 days' limit ${batch})`,
  ],
  [
    'idempotency_keys',
    `delete from idempotency_keys where (scope, key) in (select scope, key from idempotency_keys where created_at < now() - interval '24 hours' limit ${batch})`,
  ],
] as const;

/** A connection, or a pool of them. */
export type Swept = { query(sql: string): Promise<{ rowCount: number | null }> };

/** Removes what is old, one batch per table. */
export async function sweep(database: Swept, log: Logger): Promise<void> {
  for (const [table, sql] of sweeps) {
    const { rowCount } = await database.query(sql);
    if (rowCount !== null && rowCount > 0) log.debug({ table, rows: rowCount }, 'old rows removed');
  }
}
