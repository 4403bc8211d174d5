import { setTimeout as sleep } from 'node:timers/promises';
import type { Producer } from 'kafkajs';
import { isEventName } from '#contracts/events/registry.ts';
import type { KafkaClient } from '../kafka/client.ts';
import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import { SpanKind, scope, traceHeaders, withoutTracing, withSpan } from '../telemetry/spans.ts';
import { declareOutbox } from './direct.ts';
import { outboxHint } from './enqueue.ts';
import { type Swept, sweep, sweepEveryMs } from './housekeeping.ts';
import { publishRows } from './publish.ts';
import { markAndClaim, markPublished, parkRow, type RelaySession } from './rows.ts';
import { createWakeUp } from './wake-up.ts';

export type RelayOptions = {
  db: Database;
  kafka: KafkaClient;
  /** Topics it publishes to, created when missing. */
  topics: readonly string[];
  /**
   * For a service that announces nothing but what it could not handle: no connection is opened before there is
   * something to send, and the outbox is no pattern of it.
   */
  failuresOnly?: boolean;
  /** How often old rows are looked for. Default 30 000. */
  sweepEveryMs?: number;
};

const batchSize = 200;
const minPollMs = 100;
const maxPollMs = 500;
/** Of a service that announces only failures, while it has none. */
const idlePollMs = 30_000;
/** Session lock that makes one relay per database the leader. */
const leaderLock = 7_301_002;

/**
 * Publishes outbox rows in order, until the service stops: one leader per database (session advisory lock), woken by
 * the commit itself, polling all the same. A row is marked only after the broker has acknowledged it (acks=all); a
 * crash in between publishes it twice, which inboxes absorb. Broker or database down: rows wait and it resumes by
 * itself. Readiness `outbox` fails while it cannot publish.
 */
export function startRelay(service: Service, options: RelayOptions): void {
  const wakeUp = createWakeUp();
  const stopListening = options.db.listen(outboxHint, wakeUp.wake);
  // Not the service's signal: the relay stops after consumers and HTTP, so that their last rows still go out.
  const stopping = new AbortController();
  let failure: string | undefined;
  let sweptAt = Date.now();
  service.health.addCheck('outbox', () => {
    if (failure !== undefined) throw new Error(failure);
  });

  service.selfCheck.add('kafka', scope, checkPropagation);
  if (!options.failuresOnly) {
    service.faults.offer('duplicate', { knows: isEventName });
    declareOutbox(service, options);
  }

  async function sweepWhenDue(database: Swept): Promise<void> {
    if (Date.now() - sweptAt < (options.sweepEveryMs ?? sweepEveryMs)) return;
    sweptAt = Date.now();
    await sweep(database, service.log);
  }

  async function lead(session: RelaySession, producer: Producer): Promise<void> {
    let pollMs = minPollMs;
    let published: readonly string[] = [];
    for (let draining = false; ; ) {
      const rows = await markAndClaim(session, published, batchSize);
      published = [];
      if (rows.length > 0) {
        await service.failpoints.reachEach('outbox.after_commit', rows.map(orderOf));
        const result = await publishRows(producer, rows, service.faults);
        published = result.acknowledged;
        const acknowledged = new Set(published);
        await service.failpoints.reachEach(
          'outbox.after_ack',
          rows.filter(({ id }) => acknowledged.has(id)).map(orderOf),
        );
        for (const poison of result.poison) {
          await parkRow(session, poison.row.id, poison.error);
          service.log.error(
            { messageId: poison.row.id, key: poison.row.key, error: poison.error },
            'outbox row parked',
          );
        }
        if (result.error !== undefined) {
          if (published.length > 0) await markPublished(session, published);
          throw result.error;
        }
        recovered();
        pollMs = minPollMs;
        continue;
      }
      recovered();
      if (draining) return;
      await sweepWhenDue(session);
      await wakeUp.wait(pollMs, stopping.signal);
      pollMs = Math.min(pollMs * 2, maxPollMs);
      // One more look after the stop: what the last requests committed still goes out.
      draining = stopping.signal.aborted;
    }
  }

  async function runSession(): Promise<void> {
    const session = await options.db.dedicated();
    const lost = new Promise<never>((_, reject) => session.once('error', reject));
    lost.catch(() => {});
    const producer = options.kafka.producer();
    try {
      const { rows } = await session.query<{ leader: boolean }>(`select pg_try_advisory_lock(${leaderLock}) as leader`);
      if (rows[0]?.leader !== true) {
        recovered();
        await sleep(1_000, undefined, { signal: stopping.signal }).catch(() => {});
        return;
      }
      // Its plans are made while the outbox is short, and kept: by then a scan of all of it would look cheapest.
      await session.query('set enable_seqscan = off');
      await options.kafka.ensureTopics(options.topics);
      await producer.connect();
      await Promise.race([lead(session, producer), lost]);
    } finally {
      await Promise.allSettled([producer.disconnect(), session.end()]);
    }
  }

  /**
   * Resolves with true when something waits, with false at the stop when nothing does. What another instance stored
   * before it died is found at the start.
   */
  async function somethingWaits(): Promise<boolean> {
    const waiting = 'select from outbox where published_at is null and parked_at is null limit 1';
    while ((await options.db.query(waiting)).rowCount === 0) {
      recovered();
      if (stopping.signal.aborted) return false;
      await sweepWhenDue(options.db);
      await wakeUp.wait(idlePollMs, stopping.signal);
    }
    return true;
  }

  async function runForever(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const startedAt = Date.now();
      try {
        if (!options.failuresOnly || (await somethingWaits())) await runSession();
        failures = 0;
      } catch (error) {
        failures = Date.now() - startedAt > 10_000 ? 1 : failures + 1;
        failure = error instanceof Error ? error.message : String(error);
        if (failures === 1 || failures % 20 === 0)
          service.log.warn({ failures, error: failure }, 'outbox relay interrupted, rows wait');
        await sleep(Math.min(50 * 2 ** failures, 1_000), undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  function recovered(): void {
    if (failure !== undefined) service.log.info('outbox relay publishes again');
    failure = undefined;
  }

  const running = withoutTracing(runForever);
  service.shutdown.add('outbox relay', async () => {
    stopping.abort();
    wakeUp.wake();
    await running;
    stopListening();
  });
}

/** The key of every record is the order's id. */
function orderOf({ key }: { key: string }): string {
  return key;
}

/** Kafka spans are made by hand; what can break them is a context that does not survive the outbox row. */
async function checkPropagation(): Promise<void> {
  const row = traceHeaders();
  await withSpan('send self-check', { kind: SpanKind.PRODUCER, parent: row }, async (span) => {
    const sent = traceHeaders(span).traceparent?.split('-')[1];
    if (sent === undefined || sent !== row.traceparent?.split('-')[1]) {
      throw new Error('the trace context does not survive the outbox');
    }
  });
}
