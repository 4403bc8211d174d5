import { type RetryTier, retryTierTopic } from '#contracts/events/topics.ts';
import { newId } from '../ids.ts';
import { insertOutboxRow } from '../outbox/enqueue.ts';
import type { Tx } from '../postgres/database.ts';
import { traceHeaders } from '../telemetry/spans.ts';
import { retryAttempts, retryDueAt, retryOf, retrySend } from './replay.ts';

export type Failure = { position: string; attempts: number; error: Error };

/**
 * Sends a parked message to the next retry tier; false when it has been through all of them. In its headers stand its
 * first position, the tries so far, the last error, and when it is due; its body, and so its message id, is unchanged,
 * and the trace goes on from the try that failed. Needs the key's lock.
 */
export async function retryLater(
  tx: Tx,
  { consumer, tiers }: { consumer: string; tiers: readonly RetryTier[] },
  { position, attempts, error }: Failure,
): Promise<boolean> {
  const { rows } = await tx.query<{ tier: number }>('select tier from parked where consumer = $1 and position = $2', [
    consumer,
    position,
  ]);
  const tier = tiers[rows[0]?.tier ?? tiers.length];
  if (tier === undefined) return false;
  const dueAt = new Date(Date.now() + tier.delayMs).toISOString();
  const sent = await tx.query<SentRow>(
    `update parked set tier = tier + 1, sends = sends + 1, attempts = $3, due_at = $4, replayed_at = null, error = $5
     where consumer = $1 and position = $2 and body is not null returning key, event, body, headers, sends`,
    [consumer, position, attempts, dueAt, error.message.slice(0, 2_000)],
  );
  const [row] = sent.rows;
  if (row === undefined) return false;
  insertOutboxRow(tx, {
    id: newId(),
    topic: retryTierTopic(consumer, tier),
    key: row.key,
    aggregateType: 'retry',
    aggregateId: row.key,
    aggregateVersion: null,
    type: row.event ?? 'retry',
    schemaVersion: null,
    payload: null,
    raw: row.body,
    headers: {
      ...row.headers,
      ...traceHeaders(),
      [retryOf]: position,
      [retrySend]: String(row.sends),
      [retryAttempts]: String(attempts),
      [retryDueAt]: dueAt,
      'retry-error': error.message.slice(0, 1_000),
      'retry-error-class': error.name,
    },
  });
  return true;
}

type SentRow = {
  key: string;
  event: string | null;
  body: Buffer;
  headers: Record<string, string>;
  sends: number;
};
