import { setTimeout as sleep } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import { type RetryTier, retryTiers, retryTierTopic, retryTopic, topicsOfConsumer } from '#contracts/events/topics.ts';
import { interceptConsumer } from '../faults/consumer.ts';
import { listParked, replayKey } from '../inbox/replay.ts';
import type { Database } from '../postgres/database.ts';
import type { Service } from '../service.ts';
import { withoutTracing } from '../telemetry/spans.ts';
import type { KafkaClient } from './client.ts';
import { declareConsumer } from './declare-consumer.ts';
import { dueOf, whole } from './due.ts';
import { type Handlers, handlerTable } from './handlers.ts';
import { readMessage } from './incoming.ts';
import { createOffsetCommitter } from './offset-committer.ts';
import { type PartitionWorker, startPartitionWorker } from './partition-worker.ts';
import { parkUnreadable, processAlone } from './process-alone.ts';
import { createTogether } from './together.ts';

export type ConsumerOptions = {
  db: Database;
  kafka: KafkaClient;
  topics: readonly string[];
  handlers: Handlers;
  /** Consumer group and inbox consumer; the service's name when absent. */
  groupId?: string;
  /**
   * Fetches follow each other at this distance at least, in milliseconds, so that several messages share the work; for
   * read models, which nobody waits for. A message after a silence is handled at once. Default 0.
   */
  gatherMs?: number;
  /** Delays after which a message that failed for a reason of its own is tried again; the fleet's when absent. */
  tiers?: readonly RetryTier[];
};

/**
 * While a batch takes no longer than this, the fetch loop waits for it; then the partition is paused and its worker
 * goes on alone, so that a slow message (or a dependency that is down) holds up its own partition and no other.
 */
const inlineMs = 50;
/** A member that has not fetched for this long is not consuming. */
const fetchSilenceMs = 3_000;
/** All that a fetch brings start at once, so that they can share a transaction. */
const concurrentPartitions = 64;

/**
 * Consumes events with the kit's guarantees (see together.ts and process-alone.ts) until the service stops. Returns at once:
 * whether the group is joined shows in readiness (`kafka`). A crash of the client (broker gone, group lost) starts it
 * over, for ever; offsets are committed after the database, so nothing is lost by that.
 */
export function startConsumer(service: Service, options: ConsumerOptions): void {
  const groupId = options.groupId ?? service.name;
  const tiers = options.tiers ?? retryTiers;
  const tierOf = new Map(tiers.map((tier) => [retryTierTopic(groupId, tier), tier]));
  const topics = [...options.topics, retryTopic(groupId), ...tierOf.keys()];
  const deps = {
    service: service.name,
    consumer: groupId,
    db: options.db,
    log: service.log,
    signal: service.signal,
    tiers,
    patterns: service.patterns,
    counts: { handled: 0, duplicates: 0, retries: 0, later: 0, parked: 0, dropped: 0 },
  };
  declareConsumer(service, { db: options.db, groupId, counts: deps.counts, tiers });
  service.parked.add(groupId, {
    list: () => listParked(options.db, groupId),
    replay: (key) => replayKey(options.db, { consumer: groupId, key }),
  });
  const handlers = handlerTable(options.handlers);
  const intercept = interceptConsumer(service.faults, handlers);
  const together = createTogether(deps);
  const workers = new Map<string, PartitionWorker>();
  let lastFetchAt = 0;
  let gathering: Promise<unknown> = Promise.resolve();

  service.health.addCheck('kafka', () => {
    const silenceMs = Date.now() - lastFetchAt;
    if (silenceMs > fetchSilenceMs)
      throw new Error(lastFetchAt === 0 ? 'not in the group yet' : `no fetch for ${silenceMs} ms`);
  });

  async function eachBatch(
    commit: (topic: string, partition: number, offset: string) => void,
    payload: EachBatchPayload,
  ) {
    const { topic, partition } = payload.batch;
    const id = `${topic}/${partition}`;
    const tier = tierOf.get(topic);
    const { messages, waitMs } = tier === undefined ? whole(payload.batch) : dueOf(payload.batch, tier, Date.now());
    if (waitMs !== null) {
      // The others go on. Nothing of this partition is fetched until its head is due.
      setTimeout(payload.pause(), waitMs).unref();
      return;
    }
    const busy = workers.get(id);
    if (busy !== undefined) {
      // The worker of a client that crashed is still at these very messages. Come back to them when it is done.
      void busy.finished.finally(payload.pause());
      return;
    }
    const worker = startPartitionWorker(
      messages.map((message) => intercept(readMessage(handlers, { topic, partition }, message))),
      {
        together,
        alone: (attempt) => processAlone(deps, attempt.delivery, attempt),
        park: (record) => parkUnreadable(deps, record),
        done: async ({ lastOffset, deliveries }) => {
          try {
            await service.failpoints.reachEach(
              'consumer.after_commit',
              deliveries.map(({ key }) => key),
            );
          } catch {
            // Armed to fail: this commit of the offset is lost, as it would be with the connection.
            return;
          }
          try {
            payload.resolveOffset(lastOffset);
          } catch (error) {
            // The topic is another instance's by now (kafkajs has forgotten it), and so is its offset.
            service.log.debug({ topic, partition, error }, 'handled after the partition was given away');
            return;
          }
          commit(topic, partition, lastOffset);
        },
      },
    );
    workers.set(id, worker);
    const finished = worker.finished.finally(() => {
      if (workers.get(id) === worker) workers.delete(id);
    });
    if (await endsWithin(finished, inlineMs)) return gathering.then(() => {});
    void finished.finally(payload.pause());
  }

  /** Runs one client until it crashes or the service stops. */
  async function runClient(): Promise<void> {
    await options.kafka.ensureTopics([...options.topics, ...topicsOfConsumer(service.name, groupId, tiers)]);
    const consumer = options.kafka.consumer(groupId);
    const committer = createOffsetCommitter((offsets) => consumer.commitOffsets(offsets), service.log);
    const crashed = new Promise<Error>((resolve) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => resolve(payload.error));
    });
    consumer.on(consumer.events.FETCH, () => {
      lastFetchAt = Date.now();
      // The next fetch waits for the handling of this one, and its handling for this.
      if (options.gatherMs !== undefined) gathering = sleep(options.gatherMs);
    });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      lastFetchAt = Date.now();
      const mine = new Set(
        Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
          partitions.map((p) => `${topic}/${p}`),
        ),
      );
      for (const [id, worker] of workers) if (!mine.has(id)) worker.stop();
      service.log.info({ groupId, partitions: mine.size, memberId: payload.memberId }, 'joined the consumer group');
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrentPartitions,
        eachBatch: (payload) => eachBatch(committer.mark, payload),
      });
      const error = await Promise.race([crashed, aborted(service.signal)]);
      if (error !== undefined) throw error;
      for (const worker of workers.values()) worker.stop();
      await Promise.all([...workers.values()].map((worker) => worker.finished));
      await committer.flush();
    } finally {
      committer.close();
      await consumer.disconnect().catch(() => {});
    }
  }

  async function runForever(): Promise<void> {
    for (let failures = 0; !service.signal.aborted; ) {
      const startedAt = Date.now();
      try {
        await runClient();
      } catch (error) {
        failures = Date.now() - startedAt > 10_000 ? 1 : failures + 1;
        service.log.warn(
          { groupId, failures, error: error instanceof Error ? error.message : error },
          'consumer stopped, starting over',
        );
        await sleep(Math.min(100 * 2 ** failures, 2_000), undefined, { signal: service.signal }).catch(() => {});
      }
    }
  }

  const running = withoutTracing(runForever);
  service.shutdown.add('consumer', () => running);
}

async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const inTime = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return inTime;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
