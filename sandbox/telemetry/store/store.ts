import { setTimeout as delay } from 'node:timers/promises';
import type { StoreStats } from '#contracts/telemetry/query.ts';
import type { Log } from '#sandbox/log.ts';
import type { PendingSpan, StoredLog } from '../records.ts';
import { appendLogs, appendSpans, type StartOf } from './append-rows.ts';
import { openDatabase, type Read } from './database.ts';
import { createKnownColumns } from './known-columns.ts';
import { evictOldest, readCounters } from './retention.ts';

/**
 * Spans and logs on disk. Records are taken in at once and written within `flushMs`; reads see everything taken in
 * before them, because they wait for the flush that holds it.
 */
export type Store = {
  /** Gives the next sequence number, for spans and logs alike. */
  nextSeq(): number;
  /** `injected`: failed spans, of these or of earlier ones, that have turned out to be injected. */
  addSpans(spans: readonly PendingSpan[], injected: readonly PendingSpan[]): void;
  addLogs(logs: readonly StoredLog[]): void;
  /** Records taken in and not yet written. */
  pending(): number;
  /** Resolves when all records taken in so far are on disk. */
  flush(): Promise<void>;
  /** Runs reads that see all records taken in so far. Throws AppError cancelled, deadline_exceeded. */
  read<T>(signal: AbortSignal, use: (read: Read) => Promise<T>): Promise<T>;
  stats(signal: AbortSignal): Promise<Omit<StoreStats, 'rejected'>>;
  /** Evicts what is over the budget; resolves with the number of records evicted. */
  enforceBudget(): Promise<number>;
  /** Flushes and closes. */
  close(): Promise<void>;
};

export type StoreOptions = { folder: string; budgetBytes: number; flushMs: number; startOf: StartOf; log: Log };

/**
 * How far the write-ahead log grows. Each checkpoint makes a row group, and merges it with those before: fewer and larger
 * ones cost less. The log counts into the budget, and is read at the start after a kill.
 */
function checkpointMiBOf(budgetBytes: number): number {
  return Math.max(1, Math.min(8, Math.floor(budgetBytes / 4 / 2 ** 20)));
}

/** Records that are written at once, without waiting for more: senders are refused at three times as many. */
const fullBatch = 5_000;

export async function openStore({ folder, budgetBytes, flushMs, startOf, log }: StoreOptions): Promise<Store> {
  const database = await openDatabase(folder, checkpointMiBOf(budgetBytes), log);
  const known = { spans: createKnownColumns(), logs: createKnownColumns() };
  const never = new AbortController().signal;
  let { lastSeq } = await database.withRead(never, readCounters);
  let spans: PendingSpan[] = [];
  let injected: PendingSpan[] = [];
  let logs: StoredLog[] = [];
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let evicting: Promise<number> | null = null;
  let closed = false;

  const writeBatch = async (): Promise<void> => {
    const [spanBatch, injectedBatch, logBatch] = [spans, injected, logs];
    if (spanBatch.length === 0 && logBatch.length === 0) return;
    // What comes from now on gathers for as long again, also when a read was in a hurry.
    if (timer !== null) clearTimeout(timer);
    timer = null;
    spans = [];
    injected = [];
    logs = [];
    try {
      await database.withWrite(async (connection) => {
        if (spanBatch.length > 0) await appendSpans(connection, spanBatch, injectedBatch, startOf, known.spans);
        if (logBatch.length > 0) await appendLogs(connection, logBatch, known.logs);
      });
    } catch (error) {
      log.error('batch could not be written', {
        spans: spanBatch.length,
        logs: logBatch.length,
        reason: String(error).slice(0, 300),
      });
    }
  };
  const flush = async (): Promise<void> => {
    // A running flush may not hold the newest records: wait for it, then write what is left.
    while (flushing !== null) await flushing;
    if (spans.length === 0 && logs.length === 0) return;
    flushing = writeBatch().finally(() => {
      flushing = null;
    });
    await flushing;
  };
  const pending = () => spans.length + logs.length;
  const schedule = (): void => {
    if (closed) return;
    if (flushing === null && pending() >= fullBatch) {
      void flush();
      return;
    }
    timer ??= setTimeout(() => {
      timer = null;
      void flush();
    }, flushMs);
  };
  const read: Store['read'] = async (signal, use) => {
    await flush();
    return database.withRead(signal, use);
  };

  return {
    nextSeq: () => ++lastSeq,
    addSpans(batch, proven) {
      for (const span of batch) spans.push(span);
      for (const span of proven) injected.push(span);
      schedule();
    },
    addLogs(batch) {
      for (const record of batch) logs.push(record);
      schedule();
    },
    pending,
    flush,
    read,
    async stats(signal) {
      const counters = await read(signal, readCounters);
      const bytes = await database.sizeBytes();
      const { lastSeq: _, ...rest } = counters;
      return { ...rest, bytes, budgetBytes };
    },
    enforceBudget() {
      evicting ??= evictOldest(database, budgetBytes, log).finally(() => {
        evicting = null;
      });
      return evicting;
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await flush();
      // The checkpoint only saves the next start from replaying the log; what is committed is safe without it.
      await Promise.race([database.checkpoint().catch(() => undefined), delay(500)]);
      await database.close();
    },
  };
}
