import { AppError } from '#contracts/errors.ts';
import type { Database, Tx } from '#kit/postgres/database.ts';
import { requestFingerprint } from './idempotency.ts';

export type KeyedRequest = { key: string; operation: string; body: unknown };

/**
 * Runs `decide` once per idempotency key, in the transaction that stores its answer; later requests with the key get
 * that answer. A request that comes while the first is still deciding waits for it on the key's row. What `decide`
 * throws leaves the key unused. Throws `unprocessable` when the key was used for something else.
 */
export async function oncePerKey<Answer>(
  database: Database,
  { key, operation, body }: KeyedRequest,
  now: () => Date,
  decide: (tx: Tx) => Promise<Answer>,
): Promise<{ answer: Answer; replayed: boolean }> {
  const fingerprint = requestFingerprint(operation, body);
  return database.transaction(async (tx) => {
    const claim = await tx.query(
      'insert into idempotency_key (key, fingerprint, created_at) values ($1, $2, $3) on conflict (key) do nothing',
      [key, fingerprint, now()],
    );
    if (claim.rowCount === 0) return { answer: await storedAnswer<Answer>(tx, key, fingerprint), replayed: true };
    const answer = await decide(tx);
    tx.defer('update idempotency_key set answer = $2 where key = $1', [key, JSON.stringify(answer)]);
    return { answer, replayed: false };
  });
}

async function storedAnswer<Answer>(tx: Tx, key: string, fingerprint: string): Promise<Answer> {
  const { rows } = await tx.query<{ fingerprint: string; answer: Answer }>(
    'select fingerprint, answer from idempotency_key where key = $1',
    [key],
  );
  const stored = rows[0];
  if (stored === undefined) throw new AppError('conflict', `idempotency key ${key} vanished`, { retryable: true });
  if (stored.fingerprint !== fingerprint) {
    throw new AppError('unprocessable', `idempotency key ${key} was used for a different request; use a new key`);
  }
  return stored.answer;
}
