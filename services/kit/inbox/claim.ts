import type { Queryable, Tx } from '../postgres/database.ts';

/** `new`: ours to handle. `duplicate`: had been handled. `parked`: its key waits for somebody's decision. */
export type Claim = 'new' | 'duplicate' | 'parked';

/**
 * First statement of every transaction that handles messages: looks which keys are parked and inserts the inbox rows
 * of the others, in one round trip; what became of each, in the order given. Inserting first makes a concurrent
 * delivery of the same message wait here, rather than do its work twice: the handlers' own statements may already have
 * been sent, but Postgres runs them after this one. No id may come twice.
 * With `remember` false (for teaching) no row is kept and a duplicate is new again.
 */
export async function claimMessages(
  tx: Tx,
  consumer: string,
  messages: readonly { id: string; key: string }[],
  remember = true,
): Promise<Claim[]> {
  const { rows } = await tx.query<{ id: string; parked: boolean }>(
    `with message as (
       select id, exists (
         select 1 from parked where consumer = $1 and parked.key = given.key and released_at is null
       ) as parked from unnest($2::uuid[], $3::text[]) as given (id, key)
     ), claimed as (
       insert into inbox (consumer, message_id) select $1, id from message where not parked and $4 order by id
       on conflict do nothing returning message_id
     )
     select message_id as id, false as parked from claimed union all select id, true from message where parked
     union all select id, false from message where not parked and not $4`,
    [consumer, messages.map(({ id }) => id), messages.map(({ key }) => key), remember],
  );
  const claims = new Map(rows.map(({ id, parked }) => [id, parked ? 'parked' : 'new'] as const));
  return messages.map(({ id }) => claims.get(id) ?? 'duplicate');
}

/** Which of these messages had been handled; spares `prepare` its calls. Only a hint: the claim decides. */
export async function findHandled(db: Queryable, consumer: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    'select message_id as id from inbox where consumer = $1 and message_id = any($2::uuid[])',
    [consumer, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
