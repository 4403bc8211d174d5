import type { Queryable, Tx } from '../postgres/database.ts';

/** `new`: ours to handle. `duplicate`: had been handled. `parked`: its key waits for somebody's decision. */
export type Claim = 'new' | 'duplicate' | 'parked';

/**
 * First statement of every handler's transaction: looks whether the key is parked and inserts the inbox row, in one
 * round trip. Inserting first makes a concurrent delivery of the same message wait here, rather than do its work twice:
 * the handler's own statements may already have been sent, but Postgres runs them after this one.
 */
export async function claimMessage(tx: Tx, consumer: string, messageId: string, key: string): Promise<Claim> {
  const { rows } = await tx.query<{ parked: boolean; inserted: boolean }>(
    `with blocked as (
       select 1 from parked where consumer = $1 and key = $3 and released_at is null limit 1
     ), claimed as (
       insert into inbox (consumer, message_id) select $1, $2 where not exists (select 1 from blocked)
       on conflict do nothing returning 1
     )
     select exists (select 1 from blocked) as parked, exists (select 1 from claimed) as inserted`,
    [consumer, messageId, key],
  );
  const [row] = rows;
  if (row?.parked === true) return 'parked';
  return row?.inserted === true ? 'new' : 'duplicate';
}

/** Whether a message had been handled; spares `prepare` its calls. Only a hint: the claim decides. */
export async function wasHandled(db: Queryable, consumer: string, messageId: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from inbox where consumer = $1 and message_id = $2', [
    consumer,
    messageId,
  ]);
  return rowCount > 0;
}
