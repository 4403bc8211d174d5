import { createHash } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';
import type { Database, Queryable, Tx } from '../postgres/database.ts';

/** An answer as it is stored and given again. */
export type StoredAnswer = { status: number; headers: Record<string, string>; body: unknown };

export type IdempotencyKey = {
  /** Operation and caller, e.g. `POST /orders 0192…`: keys of different callers never meet. */
  scope: string;
  key: string;
  /** The parsed request; its hash tells a repetition from a different request. */
  request: unknown;
};

/** What a first request will do: decided before any transaction, so it may have asked other processes. */
export type PlannedAnswer = {
  answer: StoredAnswer;
  /** Writes the change, in the transaction that stores the answer. */
  apply: (tx: Tx) => Promise<void>;
};

/**
 * Does an operation once per key: plan, then change and answer in one transaction, so that both exist or neither.
 * Requests with the same key that come at the same time wait for each other's commit, and all get the first answer; a
 * request that dies in the middle leaves the key unused. `plan` may run for a repetition too, and its failure then does
 * not matter. Returns the answer and whether it is a repetition. Throws `unprocessable` when the key was used with
 * another request, and whatever `plan` and `apply` throw. With `remember` false (for teaching) every request is a first
 * one.
 */
export async function withIdempotencyKey(
  db: Database,
  key: IdempotencyKey,
  plan: () => Promise<PlannedAnswer>,
  remember = true,
): Promise<{ answer: StoredAnswer; repeated: boolean }> {
  if (!remember) return forgetfully(db, plan);
  const requestHash = hashRequest(key.request);
  let planned: PlannedAnswer;
  try {
    planned = await plan();
  } catch (error) {
    const stored = await findAnswer(db, key, requestHash);
    if (stored !== null) return { answer: stored, repeated: true };
    throw error;
  }
  const { answer, apply } = planned;
  const isFirst = await db.transaction(async (tx) => {
    // One packet: the change does not wait for the key, and is rolled back when the key was taken.
    const [stored, applied] = await Promise.allSettled([storeAnswer(tx, key, requestHash, answer), apply(tx)]);
    if (stored.status === 'rejected') throw stored.reason;
    if (!stored.value) tx.abandon();
    else if (applied.status === 'rejected') throw applied.reason;
    return stored.value;
  });
  if (isFirst) return { answer, repeated: false };
  const stored = await findAnswer(db, key, requestHash);
  if (stored === null) {
    throw new AppError('conflict', `the answer to idempotency key ${key.key} is gone`, { retryable: true });
  }
  return { answer: stored, repeated: true };
}

async function forgetfully(db: Database, plan: () => Promise<PlannedAnswer>) {
  const { answer, apply } = await plan();
  await db.transaction(apply);
  return { answer, repeated: false };
}

/** Stores the answer unless the key has one: then false, after waiting for whoever is just storing it. */
async function storeAnswer(tx: Tx, key: IdempotencyKey, requestHash: string, answer: StoredAnswer): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into idempotency_keys (scope, key, request_hash, status, headers, body, completed_at)
     values ($1, $2, $3, $4, $5, $6, now()) on conflict (scope, key) do nothing`,
    [key.scope, key.key, requestHash, answer.status, JSON.stringify(answer.headers), JSON.stringify(answer.body)],
  );
  return rowCount === 1;
}

async function findAnswer(db: Queryable, key: IdempotencyKey, requestHash: string): Promise<StoredAnswer | null> {
  const { rows } = await db.query<{
    request_hash: string;
    status: number;
    headers: Record<string, string> | null;
    body: string | null;
  }>('select request_hash, status, headers, body from idempotency_keys where scope = $1 and key = $2', [
    key.scope,
    key.key,
  ]);
  const [row] = rows;
  if (row === undefined) return null;
  if (row.request_hash !== requestHash) {
    throw new AppError('unprocessable', `idempotency key ${key.key} was used with a different request`);
  }
  const body = row.body === null ? undefined : JSON.parse(row.body);
  return { status: row.status, headers: row.headers ?? {}, body };
}

/** SHA-256 over JSON with sorted keys: the same request in another spelling is the same request. */
export function hashRequest(request: unknown): string {
  return createHash('sha256').update(canonicalJson(request)).digest('hex');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
