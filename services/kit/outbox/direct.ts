import type { Producer } from 'kafkajs';
import type { KafkaClient } from '../kafka/client.ts';
import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import { divertOutbox, type OutboxRow } from './enqueue.ts';
import { publishRows } from './publish.ts';

/** Rows waiting and parked, for people. */
const outboxFigures = `select count(*) filter (where parked_at is null)::int as waiting,
    count(*) filter (where parked_at is not null)::int as parked,
    coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where parked_at is null)) * 1000, 0)::float8 as "ageMs"
  from outbox where published_at is null`;

/**
 * Declares the pattern `outbox` with its figures and its switch. Switched off, a change is committed without a row and
 * its message sent right after (the dual write that the outbox exists to avoid): a process that dies in between, or a
 * broker that is away, loses it, and no row vouches for what was sent.
 */
export function declareOutbox(service: Service, { db, kafka }: { db: Database; kafka: KafkaClient }): void {
  const { patterns, log } = service;
  let direct: Promise<Producer> | null = null;
  let sent = 0;
  let lost = 0;

  async function connect(): Promise<Producer> {
    const producer = kafka.producer();
    await producer.connect();
    service.shutdown.add('direct producer', () => producer.disconnect());
    return producer;
  }

  async function send(row: OutboxRow): Promise<void> {
    try {
      direct ??= connect();
      const result = await publishRows(await direct, [{ ...row, ageMs: 0 }]);
      const failure = result.error ?? result.poison[0]?.error;
      if (failure !== undefined) throw failure;
      sent += 1;
    } catch (error) {
      direct = null;
      lost += 1;
      log.error({ messageId: row.id, key: row.key, event: row.type, error }, 'message lost: there was no outbox row');
    }
  }

  patterns.declare('outbox', {
    description:
      'Writes the message in the transaction of the change; a relay publishes it, in order, until it is acknowledged.',
    threatens: ['S12', 'S8', 'L1'],
  });
  patterns.observe('outbox', async () => {
    const [row] = (await db.query<{ waiting: number; parked: number; ageMs: number }>(outboxFigures)).rows;
    return [
      { name: 'relay', facts: { ...row, ageMs: Math.round(row?.ageMs ?? 0), sentWithout: sent, lostWithout: lost } },
    ];
  });
  divertOutbox(db, () => (patterns.isOn('outbox') ? null : (row) => void send(row)));
}
