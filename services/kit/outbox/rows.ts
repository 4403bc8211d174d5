import type { Client } from 'pg';
import type { TraceHeaders } from '../telemetry/spans.ts';

/** The leader's own connection: its session lock and its statements stand or fall together. */
export type RelaySession = Pick<Client, 'query'>;

export type WaitingRow = {
  id: string;
  topic: string;
  key: string;
  type: string;
  /** Event envelope as text; null for a dead letter. */
  payload: string | null;
  raw: Buffer | null;
  headers: TraceHeaders & Record<string, string>;
  ageMs: number;
};

/**
 * Marks what has been published, and looks for what waits, in one round trip and one transaction. Returns the oldest
 * rows, whatever their sequence numbers: a row that committed late is found later, since rows are marked and no cursor
 * is kept. Rows behind a parked row of their aggregate stay where they are.
 */
export async function markAndClaim(
  session: RelaySession,
  published: readonly string[],
  limit: number,
): Promise<WaitingRow[]> {
  const { rows } =
    published.length === 0
      ? await session.query<WaitingRow>({ name: 'outbox-waiting', text: selectWaiting('$1', ''), values: [limit] })
      : await session.query<WaitingRow>({
          name: 'outbox-mark-waiting',
          text: `with marked as (
              update outbox set published_at = clock_timestamp(), attempts = attempts + 1 where id = any($2)
            )
            ${selectWaiting('$1', 'and id <> all($2)')}`,
          values: [limit, published],
        });
  return rows;
}

/** `and`: the select of a statement sees the rows as they were before its update. */
function selectWaiting(limit: string, and: string): string {
  return `select id, topic, key, type, payload::text as payload, raw, headers,
      extract(epoch from clock_timestamp() - created_at)::float8 * 1000 as "ageMs"
    from outbox o
    where published_at is null and parked_at is null ${and}
      and not exists (
        select 1 from outbox p
        where p.aggregate_type = o.aggregate_type and p.aggregate_id = o.aggregate_id and p.parked_at is not null
      )
    order by seq limit ${limit}`;
}

export async function markPublished(session: RelaySession, ids: readonly string[]): Promise<void> {
  await session.query({
    name: 'outbox-mark',
    text: 'update outbox set published_at = clock_timestamp(), attempts = attempts + 1 where id = any($1)',
    values: [ids],
  });
}

/** Takes a row that can never be published out of the way; later rows of its aggregate wait behind it. */
export async function parkRow(session: RelaySession, id: string, error: Error): Promise<void> {
  await session.query({
    name: 'outbox-park',
    text: 'update outbox set parked_at = clock_timestamp(), attempts = attempts + 1, last_error = $2 where id = $1',
    values: [id, error.message.slice(0, 2_000)],
  });
}
