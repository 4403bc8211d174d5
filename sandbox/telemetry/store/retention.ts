import type { Log } from '#sandbox/log.ts';
import type { Database, Read } from './database.ts';

/** Share of the records that one eviction takes: enough not to run every few seconds. */
const evictedShare = 0.15;

export type Counters = {
  lastSeq: number;
  spans: number;
  logs: number;
  evictedSpans: number;
  evictedLogs: number;
  oldestMs: number | null;
};

/** What the tables hold and what was evicted so far. */
export async function readCounters(read: Read): Promise<Counters> {
  const [row] = await read(
    `select (select count(*) from spans) as spans, (select count(*) from logs) as logs,
       greatest((select coalesce(max(seq), 0) from spans), (select coalesce(max(seq), 0) from logs),
                (select coalesce(max(value), 0) from counters where name = 'last_seq')) as last_seq,
       least((select min(start_ns) from spans), (select min(time_ns) from logs)) as oldest_ns,
       (select coalesce(sum(value), 0) from counters where name = 'evicted_spans') as evicted_spans,
       (select coalesce(sum(value), 0) from counters where name = 'evicted_logs') as evicted_logs`,
    [],
  );
  const oldest = row?.oldest_ns;
  return {
    lastSeq: Number(row?.last_seq ?? 0),
    spans: Number(row?.spans ?? 0),
    logs: Number(row?.logs ?? 0),
    evictedSpans: Number(row?.evicted_spans ?? 0),
    evictedLogs: Number(row?.evicted_logs ?? 0),
    oldestMs: oldest === null || oldest === undefined ? null : Math.floor(Number(oldest) / 1e6),
  };
}

/**
 * When the store is over its budget, deletes the oldest records (lowest sequence numbers, spans and logs alike) until
 * it fits, counts them, and logs what went. Resolves with how many records went.
 */
export async function evictOldest(database: Database, budgetBytes: number, log: Log): Promise<number> {
  let evicted = 0;
  let before = await database.sizeBytes();
  // Deleted rows free their blocks at the checkpoint only, so measure after each; a few rounds always do.
  for (let round = 0; round < 8 && before > budgetBytes; round++) {
    const gone = await evictShare(database);
    await database.checkpoint();
    const after = await database.sizeBytes();
    evicted += gone.spans + gone.logs;
    log.info('telemetry evicted to stay within budget', {
      evictedSpans: gone.spans,
      evictedLogs: gone.logs,
      bytesBefore: before,
      bytesAfter: after,
      budgetBytes,
    });
    if (gone.spans + gone.logs === 0) break;
    before = after;
  }
  return evicted;
}

async function evictShare(database: Database): Promise<{ spans: number; logs: number }> {
  return database.withWrite(async (connection) => {
    const run = async (sql: string, values: bigint[] = []): Promise<number> =>
      Number((await connection.runAndReadAll(sql, values)).getRows()[0]?.[0] ?? 0);
    const lowest = await run('select least((select min(seq) from spans), (select min(seq) from logs))');
    const highest = await run('select greatest((select max(seq) from spans), (select max(seq) from logs))');
    const cut = BigInt(lowest + Math.ceil((highest - lowest + 1) * evictedShare));
    const spans = await run('delete from spans where seq < $1', [cut]);
    const logs = await run('delete from logs where seq < $1', [cut]);
    await run('delete from trace_parts where seq_to < $1', [cut]);
    await run('delete from counters where name = $$last_seq$$');
    await connection.run(`insert into counters values ('evicted_spans', $1), ('evicted_logs', $2), ('last_seq', $3)`, [
      BigInt(spans),
      BigInt(logs),
      BigInt(highest),
    ]);
    return { spans, logs };
  });
}
