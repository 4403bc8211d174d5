import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { AppError } from '#contracts/errors.ts';
import type { Tx } from '../postgres/transaction.ts';
import { openSpan, withoutTracing } from '../telemetry/spans.ts';
import type { FaultAgent, Running } from './agent.ts';

/** What is needed of a database, which itself imports this file. */
type Database = { transaction(fn: (tx: Tx) => Promise<void>): Promise<void>; dedicated(): Promise<Client> };

const lookEveryMs = 250;
/** Below the time after which Postgres ends a transaction that does nothing. */
const holdMs = 20_000;
/** A connection over which nothing passes any more does not end politely. */
const mostGoodbyeMs = 2_000;
/** A lock that is waited for makes everybody behind it wait too: no longer than this at a time. */
const lockTimeout = `set local lock_timeout = '2s'`;

/** Offers what can happen between the process and its database. */
export function offerDatabaseFaults(faults: FaultAgent, database: Database): void {
  faults.offer('hold-connections', {
    start({ connections }, { hit, signal, tag, until }) {
      const { span } = openSpan('connections held', { parent: {}, attributes: tag });
      const holders = Array.from({ length: connections }, () =>
        withoutTracing(async () => {
          while (!signal.aborted) await holdConnection(database, hit, signal);
        }),
      );
      until(Promise.all(holders).then(() => span.end()));
    },
  });
  faults.offer('lock-table', {
    async start({ table }, running) {
      const { signal, tag, until } = running;
      const client = await database.dedicated();
      const found = await client.query<{ id: string | null }>('select to_regclass($1) as id', [table]);
      if (found.rows[0]?.id === null) {
        await client.end();
        throw new AppError('unprocessable', `lock-table: there is no table "${table}" here`);
      }
      const { span } = openSpan('table locked', { parent: {}, attributes: tag });
      const hold = async () => {
        while (!signal.aborted) await holdLock(client, table, running).catch(() => sleep(lookEveryMs));
        span.end();
        // With the connection goes its lock.
        await Promise.race([client.end().catch(() => {}), sleep(mostGoodbyeMs)]);
      };
      until(withoutTracing(hold));
    },
  });
}

/** Takes one from the pool, as soon as there is one. */
async function holdConnection(database: Database, hit: () => void, signal: AbortSignal): Promise<void> {
  const held = database.transaction(async (tx) => {
    await tx.query('select 1');
    hit();
    await sleep(holdMs, undefined, { signal }).catch(() => {});
    tx.abandon();
  });
  await held.catch(() => sleep(lookEveryMs));
}

/**
 * Counts who waits for the lock, each time that it looks. Postgres itself ends the transaction when the fault is over:
 * also when this process is stopped by then, or nothing of what it says arrives any more.
 */
async function holdLock(client: Client, table: string, { hit, signal, leftMs }: Running) {
  try {
    await client.query('begin');
    await client.query(`set local transaction_timeout = ${Math.max(1, Math.ceil(leftMs()))}`);
    await client.query(lockTimeout);
    await client.query(`lock table "${table}" in access exclusive mode`);
    while (!signal.aborted) {
      const waiting = await client.query<{ n: number }>(
        'select count(*)::int as n from pg_locks where relation = $1::regclass and not granted',
        [table],
      );
      hit(waiting.rows[0]?.n ?? 0);
      await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    await client.query('rollback');
  }
}
