import { AppError } from '#contracts/errors.ts';
import { retryTopic } from '#contracts/events/topics.ts';
import type { ParkedKey, ReplayOrder } from '#contracts/sandbox/control-channel.ts';
import { newId } from '../ids.ts';
import { insertOutboxRow } from '../outbox/enqueue.ts';
import type { Database, Queryable, Tx } from '../postgres/database.ts';
import type { Claim } from './claim.ts';

/*
 * A parked key goes on message by message: the first goes to a retry topic of the consumer's own, with its bytes and so
 * its message id; when it has been handled, it is released and sends the next in the same transaction. So the order
 * of the key is kept, also with what arrives meanwhile, and a message that fails again stops the rest behind it.
 * A person sends the first one at once (`replayKey`); before it is a dead letter it is sent by itself (retry-later.ts).
 */

/** Header of a record on a retry topic: topic/partition/offset where the message was read first. */
export const retryOf = 'retry-of';
/** How often it had been sent with this one: only the last copy counts. */
export const retrySend = 'retry-send';
/** Tries that it had before. */
export const retryAttempts = 'retry-attempts';
/** Not to be tried before, UTC ISO-8601. */
export const retryDueAt = 'retry-due-at';

const waitingKeys = `select distinct on (key) consumer, key, count(*) over (partition by key)::int as messages, event, position,
    reason, error, parked_at as "parkedAt", replayed_at as "replayingSince", attempts, due_at as "dueAt"
  from parked where consumer = $1 and released_at is null and ($2::text is null or key = $2) order by key, seq limit 200`;

/** Keys that wait with a consumer, those longest that wait longest. */
export async function listParked(db: Queryable, consumer: string, key: string | null = null): Promise<ParkedKey[]> {
  const { rows } = await db.query<ParkedKey>(waitingKeys, [consumer, key]);
  return rows.sort((a, b) => a.parkedAt.localeCompare(b.parkedAt));
}

/**
 * Sends the first message of a parked key on its way. Throws `not_found` when the key is not parked, `conflict` when
 * it is on its way already or its bytes were not kept.
 */
export async function replayKey(db: Database, { consumer, key }: ReplayOrder): Promise<ParkedKey> {
  await db.transaction(async (tx) => {
    await lockKey(tx, consumer, key);
    const [waiting] = await listParked(tx, consumer, key);
    if (waiting === undefined) throw new AppError('not_found', `${consumer} has not parked key ${key}`);
    if (waiting.replayingSince !== null)
      throw new AppError('conflict', `key ${key} is on its way since ${waiting.replayingSince}`);
    if (!(await sendNext(tx, consumer, key)))
      throw new AppError('conflict', `the bytes of ${waiting.position} were not kept`);
  });
  const [sent] = await listParked(db, consumer, key);
  if (sent === undefined) throw new AppError('conflict', `key ${key} has been released meanwhile`);
  return sent;
}

/** Two transactions that decide about one key take turns. */
export async function lockKey(tx: Tx, consumer: string, key: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`parked ${consumer} ${key}`]);
}

type NextRow = {
  position: string;
  event: string | null;
  body: Buffer | null;
  headers: Record<string, string>;
  sends: number;
};

/** Sends the first message that waits, if any. Needs the key's lock. */
export async function sendNext(tx: Tx, consumer: string, key: string): Promise<boolean> {
  const { rows } = await tx.query<NextRow>(
    `update parked set replayed_at = now(), due_at = null, sends = sends + 1
     where consumer = $1 and body is not null and position = (
       select position from parked where consumer = $1 and key = $2 and released_at is null order by seq limit 1
     ) returning position, event, body, headers, sends`,
    [consumer, key],
  );
  const [next] = rows;
  if (next === undefined) return false;
  insertOutboxRow(tx, {
    id: newId(),
    topic: retryTopic(consumer),
    key,
    aggregateType: 'retry',
    aggregateId: key,
    aggregateVersion: null,
    type: next.event ?? 'retry',
    schemaVersion: null,
    payload: null,
    raw: next.body,
    headers: { ...next.headers, [retryOf]: next.position, [retrySend]: String(next.sends) },
  });
  return true;
}

/** A message that came from a retry topic. `send` is that of its copy. */
export type Retried = { id: string; key: string; position: string; send: number };

/**
 * First statements of the transaction that handles a message from a retry topic. `parked`: not its turn; `duplicate`:
 * it had its effect; `stale`: a newer copy of it is on its way. `remember` as for `claimMessages`.
 */
export async function claimRetried(
  tx: Tx,
  consumer: string,
  retried: Retried,
  remember: boolean,
): Promise<Claim | 'stale'> {
  const { id, key, position, send } = retried;
  await lockKey(tx, consumer, key);
  const { rows } = await tx.query<{ position: string; sends: number }>(
    'select position, sends from parked where consumer = $1 and key = $2 and released_at is null order by seq',
    [consumer, key],
  );
  const waiting = rows.find((row) => row.position === position);
  if (waiting === undefined) return 'duplicate';
  if (waiting.sends !== send) return 'stale';
  if (rows[0] !== waiting) return 'parked';
  if (!remember) return 'new';
  const { rowCount } = await tx.query(
    'insert into inbox (consumer, message_id) values ($1, $2) on conflict do nothing',
    [consumer, id],
  );
  return rowCount === 0 ? 'duplicate' : 'new';
}

/** It has had its effect: lets it go and sends the next of its key. Needs the key's lock. */
export async function release(tx: Tx, consumer: string, { key, position }: Retried): Promise<void> {
  const { rowCount } = await tx.query(
    'update parked set released_at = now(), due_at = null where consumer = $1 and position = $2 and released_at is null',
    [consumer, position],
  );
  if (rowCount > 0) await sendNext(tx, consumer, key);
}
