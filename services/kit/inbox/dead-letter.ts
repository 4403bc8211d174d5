import { createHash } from 'node:crypto';
import { deadLetterTopic } from '#contracts/events/topics.ts';
import { newId } from '../ids.ts';
import { insertOutboxRow } from '../outbox/enqueue.ts';
import type { Tx } from '../postgres/database.ts';
import { traceHeaders } from '../telemetry/spans.ts';

/** Whose messages these are: the consumer that cannot handle them, and the service that owns the dead-letter topic. */
export type Owner = { consumer: string; service: string };

/**
 * Writes the dead letters of a key: of the message that `error` is about and of those that wait behind it, in their
 * order, as far as they have none yet. From here on somebody must decide. Needs the key's lock.
 */
export async function writeDeadLetters(tx: Tx, owner: Owner, key: string, failed: { position: string; error: Error }) {
  const { rows } = await tx.query<DeadRow>(
    `with dead as (
       update parked set dead_at = now(), due_at = null, replayed_at = null,
         error = case when position = $3 then $4 else error end
       where consumer = $1 and key = $2 and released_at is null and dead_at is null
       returning seq, position, event, body, headers, reason, attempts, error
     )
     select * from dead where body is not null order by seq`,
    [owner.consumer, key, failed.position, failed.error.message.slice(0, 2_000)],
  );
  for (const row of rows) {
    const error = row.position === failed.position ? failed.error : new Error(row.error);
    insertOutboxRow(tx, {
      id: newId(),
      topic: deadLetterTopic(owner.service),
      key,
      aggregateType: 'dead-letter',
      aggregateId: key,
      aggregateVersion: null,
      type: 'dead-letter',
      schemaVersion: null,
      payload: null,
      raw: row.body,
      headers: { ...row.headers, ...facts(owner, row, error), ...traceHeaders() },
    });
  }
}

type DeadRow = {
  position: string;
  body: Buffer;
  headers: Record<string, string>;
  reason: string;
  attempts: number;
  error: string;
};

/** Facts that a person, or a replay, needs: where it came from and why it is here. */
function facts({ consumer }: Owner, row: DeadRow, error: Error): Record<string, string> {
  const [topic = '', partition = '', offset = ''] = row.position.split('/');
  return {
    'dead-letter-consumer': consumer,
    'dead-letter-topic': topic,
    'dead-letter-partition': partition,
    'dead-letter-offset': offset,
    'dead-letter-reason': row.reason,
    'dead-letter-error': error.message.slice(0, 1_000),
    'dead-letter-error-class': error.name,
    'dead-letter-stack-hash': createHash('sha256')
      .update(error.stack ?? '')
      .digest('hex')
      .slice(0, 16),
    'dead-letter-attempts': String(row.attempts),
    'dead-letter-at': new Date().toISOString(),
  };
}
