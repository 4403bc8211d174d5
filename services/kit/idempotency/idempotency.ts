import { createHash } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';
import type { Queryable } from '../postgres/database.ts';

/** An answer as it is stored and given again. */
export type StoredAnswer = { status: number; headers: Record<string, string>; body: unknown };

export type IdempotencyKey = {
  /** Operation and caller, e.g. `POST /orders 0192…`: keys of different callers never meet. */
  scope: string;
  key: string;
  /** The parsed request; its hash tells a repetition from a different request. */
  request: unknown;
};

export type IdempotencyClaim = { state: 'new' } | { state: 'answered'; answer: StoredAnswer };

/** A first request that has not answered after this time has died; the key may be claimed again. */
const lockSeconds = 30;

/**
 * Claims a key atomically, or returns the stored answer. Throws `unprocessable` when the key was used with another
 * request, and `conflict` with Retry-After while the first request is still running.
 * Call it outside the transaction of the change; call `storeAnswer` inside of it.
 */
export async function claimIdempotencyKey(db: Queryable, request: IdempotencyKey): Promise<IdempotencyClaim> {
  const requestHash = hashRequest(request.request);
  const { rows } = await db.query<{
    claimed: boolean;
    request_hash: string;
    status: number | null;
    headers: Record<string, string> | null;
    body: string | null;
  }>(
    `with claimed as (
       insert into idempotency_keys (scope, key, request_hash, locked_until)
       values ($1, $2, $3, now() + interval '${lockSeconds} seconds')
       on conflict (scope, key) do update set locked_until = excluded.locked_until
         where idempotency_keys.status is null and idempotency_keys.locked_until < now()
           and idempotency_keys.request_hash = excluded.request_hash
       returning request_hash, status, headers, body
     )
     select true as claimed, request_hash, status, headers, body from claimed
     union all
     select false, request_hash, status, headers, body from idempotency_keys
     where scope = $1 and key = $2 and not exists (select 1 from claimed)`,
    [request.scope, request.key, requestHash],
  );
  const [row] = rows;
  if (row?.claimed === true) return { state: 'new' };
  if (row !== undefined && row.request_hash !== requestHash) {
    throw new AppError('unprocessable', `idempotency key ${request.key} was used with a different request`);
  }
  if (row === undefined || row.status === null) {
    // No row: the other request's insert is not visible to this snapshot yet, so it is running right now.
    throw new AppError('conflict', `a request with idempotency key ${request.key} is still running`, {
      retryAfterSeconds: 1,
    });
  }
  return {
    state: 'answered',
    answer: {
      status: row.status,
      headers: row.headers ?? {},
      body: row.body === null ? undefined : JSON.parse(row.body),
    },
  };
}

/**
 * Stores the answer in the transaction of the change, so that both exist or neither. Throws `conflict` when the key
 * is not ours any more: the lock ran out, another request took it over, and only one of the two may commit.
 */
export async function storeAnswer(
  tx: Queryable,
  key: Pick<IdempotencyKey, 'scope' | 'key'>,
  answer: StoredAnswer,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update idempotency_keys set status = $3, headers = $4, body = $5, completed_at = now()
     where scope = $1 and key = $2 and status is null`,
    [key.scope, key.key, answer.status, JSON.stringify(answer.headers), JSON.stringify(answer.body)],
  );
  if (rowCount === 1) return;
  throw new AppError('conflict', `idempotency key ${key.key} was taken over by another request`, {
    retryAfterSeconds: 1,
  });
}

/** Gives the key back after a failure, so that the client can try again with it at once. */
export async function releaseIdempotencyKey(db: Queryable, key: Pick<IdempotencyKey, 'scope' | 'key'>): Promise<void> {
  await db.query('delete from idempotency_keys where scope = $1 and key = $2 and status is null', [key.scope, key.key]);
}

/**
 * The whole protocol around one operation: claim, run, store or release. `run` must call `store(tx, answer)` inside
 * its transaction. Returns the answer and whether it is a repetition. With `remember` false (for teaching) every
 * request is a first one.
 */
export async function withIdempotencyKey(
  db: Queryable,
  key: IdempotencyKey,
  run: (store: (tx: Queryable, answer: StoredAnswer) => Promise<void>) => Promise<StoredAnswer>,
  remember = true,
): Promise<{ answer: StoredAnswer; repeated: boolean }> {
  if (!remember) return { answer: await run(async () => {}), repeated: false };
  const claim = await claimIdempotencyKey(db, key);
  if (claim.state === 'answered') return { answer: claim.answer, repeated: true };
  try {
    return { answer: await run((tx, answer) => storeAnswer(tx, key, answer)), repeated: false };
  } catch (error) {
    await releaseIdempotencyKey(db, key).catch(() => {});
    throw error;
  }
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
