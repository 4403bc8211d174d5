import type { RetryTier } from '#contracts/events/topics.ts';
import type { Database, Queryable, Tx } from '../postgres/database.ts';
import { type Owner, writeDeadLetters } from './dead-letter.ts';
import { lockKey, type Retried, sendNext } from './replay.ts';
import { retryLater } from './retry-later.ts';

export type UnhandledMessage = Owner & {
  topic: string;
  partition: number;
  offset: string;
  key: string;
  /** Null when the body could not be read. */
  messageId: string | null;
  event: string | null;
  value: Buffer;
  headers: Record<string, string>;
  attempts: number;
  reason: 'invalid' | 'failed' | 'key_parked';
  error: unknown;
  /** Where it may wait before it becomes a dead letter; none for what can never be handled. */
  tiers: readonly RetryTier[];
};

/**
 * Parks a message and its key, in one transaction with what follows from it: it goes to the first retry tier, or its
 * original bytes to the dead-letter topic, or it waits for the one before it and shares its fate. A second delivery of
 * the same record changes nothing.
 */
export async function parkMessage(db: Database, message: UnhandledMessage): Promise<void> {
  const error = toError(message.error);
  const position = `${message.topic}/${message.partition}/${message.offset}`;
  await db.transaction(async (tx) => {
    await lockKey(tx, message.consumer, message.key);
    const { rowCount } = await tx.query(
      `insert into parked (consumer, key, position, message_id, event, reason, error, body, headers, attempts)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10) on conflict do nothing`,
      [
        message.consumer,
        message.key,
        position,
        message.messageId,
        message.event,
        message.reason,
        error.message.slice(0, 2_000),
        message.value,
        JSON.stringify(message.headers),
        message.attempts,
      ],
    );
    if (rowCount === 0) return;
    const first = await firstOf(tx, message);
    if (first?.position !== position) {
      // Behind one that waits for a person it is a dead letter too; behind one that will be tried again it only waits.
      if (first?.dead) await writeDeadLetters(tx, message, message.key, { position, error });
    } else if (message.reason === 'key_parked') {
      // The last one that it should have waited behind was released in the meantime: nobody would send this one.
      await sendNext(tx, message.consumer, message.key);
    } else {
      await setAside(tx, message, { position, error });
    }
  });
}

/** What a message that was sent again and failed again needs besides what it was. */
export type FailedAgain = Owner & {
  retried: Retried;
  attempts: number;
  error: unknown;
  tiers: readonly RetryTier[];
};

/**
 * A message from a retry topic failed again: on to the next tier, or to the dead letters with what waits behind it. One
 * whose dead letter is written keeps its place, with the new error, until somebody decides anew.
 */
export async function failAgain(db: Database, failed: FailedAgain): Promise<void> {
  const { consumer, retried } = failed;
  const error = toError(failed.error);
  await db.transaction(async (tx) => {
    await lockKey(tx, consumer, retried.key);
    const first = await firstOf(tx, { consumer, key: retried.key });
    // Released meanwhile, or a newer copy is on its way.
    if (first?.position !== retried.position || first.sends !== retried.send) return;
    if (first.dead) await putBack(tx, consumer, retried.position, error);
    else await setAside(tx, { ...failed, key: retried.key }, { position: retried.position, error });
  });
}

type First = { position: string; sends: number; dead: boolean };

/** The message of a key that the others wait behind. */
async function firstOf(tx: Tx, { consumer, key }: { consumer: string; key: string }): Promise<First | undefined> {
  const { rows } = await tx.query<First>(
    `select position, sends, dead_at is not null as dead from parked
     where consumer = $1 and key = $2 and released_at is null order by seq limit 1`,
    [consumer, key],
  );
  return rows[0];
}

async function setAside(
  tx: Tx,
  message: Owner & { key: string; attempts: number; tiers: readonly RetryTier[] },
  { position, error }: { position: string; error: Error },
): Promise<void> {
  const { attempts } = message;
  if (await retryLater(tx, message, { position, attempts, error })) return;
  await tx.query('update parked set attempts = $3 where consumer = $1 and position = $2', [
    message.consumer,
    position,
    attempts,
  ]);
  await writeDeadLetters(tx, message, message.key, { position, error });
}

async function putBack(db: Queryable, consumer: string, position: string, error: Error): Promise<void> {
  await db.query('update parked set replayed_at = null, error = $3 where consumer = $1 and position = $2', [
    consumer,
    position,
    error.message.slice(0, 2_000),
  ]);
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
