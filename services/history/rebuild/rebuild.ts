/**
 * Builds the read model anew from the topics while the old one is read and written: into tables of its own, from the
 * beginning, until it has caught up; then the tables change places. What goes wrong on the way changes nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { OrderView, Rebuild } from '#contracts/http/history.ts';
import type { Clock } from '#kit/clock.ts';
import { instant } from '#kit/clock.ts';
import type { KafkaClient } from '#kit/kafka/client.ts';
import { readTopics } from '#kit/kafka/read-topics.ts';
import type { Logger } from '#kit/logger.ts';
import type { Database } from '#kit/postgres/database.ts';
import { sqlState } from '#kit/postgres/errors.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { recordEvents } from '../record-events.ts';
import { type ChangedView, carryPositions, createShadow, dropShadow, openShadow, swap } from './shadow.ts';

export type RebuildDeps = {
  db: Database;
  databaseUrl: string;
  kafka: KafkaClient;
  topics: readonly string[];
  /** Group of the consumer that fills the live tables, which is its name in the inbox as well. */
  consumer: string;
  clock: Clock;
  log: Logger;
  /** Aborted when the process begins to stop: a rebuild ends without a change. */
  signal: AbortSignal;
};

export type Rebuilder = {
  /** The rebuild that goes on or was the last; null when there was none. */
  current(): Rebuild | null;
  /** Throws `conflict` while one goes on. */
  start(): Rebuild;
};

const groupId = 'history-rebuild';
const swapAttempts = 20;
const mostChangesLogged = 20;
const lockNotAvailable = '55P03';
/** Nobody listens to what was told long ago. */
const silent = { publish: () => {}, interrupt: () => {}, subscribe: () => () => {} };

export function createRebuilder(deps: RebuildDeps): Rebuilder {
  let state: Rebuild | null = null;
  const goesOn = () => state !== null && state.endedAt === null;
  const update = (change: Partial<Rebuild>) => {
    if (state !== null) state = { ...state, ...change };
  };

  async function read(): Promise<void> {
    await createShadow(deps.db);
    const shadow = openShadow(deps.databaseUrl);
    const enough = new AbortController();
    const reading = readTopics({
      kafka: deps.kafka,
      groupId,
      topics: deps.topics,
      signal: AbortSignal.any([deps.signal, enough.signal]),
      apply: (events) =>
        shadow.transaction((tx) =>
          recordEvents(
            { clock: deps.clock, updates: silent },
            tx,
            events.map(({ event, ...received }) => ({ event, received })),
          ),
        ),
      onProgress: update,
    });
    try {
      await Promise.race([reading.caughtUp, reading.ended]);
      if (deps.signal.aborted) throw new AppError('cancelled', 'history is stopping');
      update({ phase: 'aligning' });
      await carryPositions(shadow);
    } finally {
      enough.abort();
      await reading.ended.catch(() => {});
      await shadow.close();
    }
  }

  /** The tables may be in use for longer than the swap waits; between two attempts everybody else gets through. */
  async function swapAgain(): Promise<void> {
    update({ phase: 'swapping' });
    for (let attempt = 1; ; attempt += 1) {
      try {
        const committed = await deps.kafka.committed(deps.consumer, deps.topics);
        const { changed, ...counted } = await swap(deps.db, { name: deps.consumer, committed });
        update({ ...counted, changedViews: changed.length });
        for (const view of changed.slice(0, mostChangesLogged)) {
          deps.log.warn({ orderId: view.orderId, ...differences(view) }, 'a view was not what its events say');
        }
        return;
      } catch (error) {
        if (sqlState(error) !== lockNotAvailable || attempt === swapAttempts || deps.signal.aborted) throw error;
        deps.log.warn({ attempt, error: message(error) }, 'tables were not swapped, trying again');
        await sleep(200, undefined, { signal: deps.signal }).catch(() => {});
      }
    }
  }

  async function perform(): Promise<void> {
    try {
      await read();
      await swapAgain();
      update({ phase: 'done', endedAt: instant(deps.clock) });
      deps.log.info({ rebuild: state }, 'read model rebuilt');
    } catch (error) {
      deps.log.error({ error: message(error) }, 'read model not rebuilt');
      await dropShadow(deps.db).catch(() => {});
      const problem = isAppError(error) ? error.message : 'something failed inside history, see its log';
      update({ phase: 'failed', endedAt: instant(deps.clock), problem });
    }
  }

  return {
    current: () => state,
    start() {
      if (goesOn()) throw new AppError('conflict', 'a rebuild goes on: wait for its end');
      state = {
        phase: 'reading',
        startedAt: instant(deps.clock),
        endedAt: null,
        read: 0,
        of: 0,
        unreadable: 0,
        kept: null,
        restored: null,
        changedViews: null,
        swapMs: null,
        problem: null,
      };
      void withoutTracing(perform);
      return state;
    },
  };
}

/** The fields that differ, each before and after. */
function differences({ before, after }: ChangedView): { before: Partial<OrderView>; after: Partial<OrderView> } {
  const fields = new Set(Object.keys({ ...before, ...after }) as (keyof OrderView)[]);
  const changed = [...fields].filter((field) => !isDeepStrictEqual(before?.[field], after?.[field]));
  const pick = (view: OrderView | null) => Object.fromEntries(changed.map((field) => [field, view?.[field] ?? null]));
  return { before: pick(before), after: pick(after) };
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
