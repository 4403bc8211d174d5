import { createHash } from 'node:crypto';
import { deadLetterTopic } from '#contracts/events/topics.ts';
import { newId } from '../ids.ts';
import { insertOutboxRow } from '../outbox/enqueue.ts';
import type { Database, Tx } from '../postgres/database.ts';
import { traceHeaders } from '../telemetry/spans.ts';
import { lockKey, sendNext } from './replay.ts';

export type UnhandledMessage = {
  consumer: string;
  service: string;
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
};

/**
 * Parks a message and its key, and sends the original bytes to the service's dead-letter topic, in one transaction.
 * A second delivery of the same record changes nothing.
 */
export async function parkMessage(db: Database, message: UnhandledMessage): Promise<void> {
  const error = message.error instanceof Error ? message.error : new Error(String(message.error));
  await db.transaction(async (tx) => {
    await lockKey(tx, message.consumer, message.key);
    const { rowCount } = await tx.query(
      `insert into parked (consumer, key, position, message_id, event, reason, error, body, headers)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb) on conflict do nothing`,
      [
        message.consumer,
        message.key,
        `${message.topic}/${message.partition}/${message.offset}`,
        message.messageId,
        message.event,
        message.reason,
        error.message.slice(0, 2_000),
        message.value,
        JSON.stringify(message.headers),
      ],
    );
    if (rowCount === 0) return;
    if (message.reason === 'key_parked' && (await isAlone(tx, message)))
      await sendNext(tx, message.consumer, message.key);
    insertOutboxRow(tx, {
      id: newId(),
      topic: deadLetterTopic(message.service),
      key: message.key,
      aggregateType: 'dead-letter',
      aggregateId: message.key,
      aggregateVersion: null,
      type: 'dead-letter',
      schemaVersion: null,
      payload: null,
      raw: message.value,
      headers: { ...message.headers, ...deadLetterHeaders(message, error), ...traceHeaders() },
    });
  });
}

/** The last one that it should have waited behind was released in the meantime: nobody would send this one. */
async function isAlone(tx: Tx, { consumer, key }: UnhandledMessage): Promise<boolean> {
  const { rows } = await tx.query<{ waiting: number }>(
    'select count(*)::int as waiting from parked where consumer = $1 and key = $2 and released_at is null',
    [consumer, key],
  );
  return rows[0]?.waiting === 1;
}

/** Facts that a person, or a replay, needs: where it came from and why it is here. */
function deadLetterHeaders(message: UnhandledMessage, error: Error): Record<string, string> {
  return {
    'dead-letter-consumer': message.consumer,
    'dead-letter-topic': message.topic,
    'dead-letter-partition': String(message.partition),
    'dead-letter-offset': message.offset,
    'dead-letter-reason': message.reason,
    'dead-letter-error': error.message.slice(0, 1_000),
    'dead-letter-error-class': error.name,
    'dead-letter-stack-hash': createHash('sha256')
      .update(error.stack ?? '')
      .digest('hex')
      .slice(0, 16),
    'dead-letter-attempts': String(message.attempts),
    'dead-letter-at': new Date().toISOString(),
  };
}
