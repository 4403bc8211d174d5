import type { Socket } from 'node:net';
import { type Attributes, context } from '@opentelemetry/api';
import type pgTypes from 'pg';
import { AppError, isAppError } from '#contracts/errors.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import { annotate } from '../telemetry/spans.ts';
import { toAppError } from './errors.ts';
import { type Queryable, runStatement } from './queryable.ts';
import { recordCommit } from './statement-span.ts';

/** An open transaction. */
export type Tx = Queryable & {
  /**
   * Runs `hook` right after the commit, not at all after a rollback. Must not throw. It belongs to the span of whoever
   * asked: a transaction may serve the messages of many orders, and what is logged then names the trace of its own.
   */
  onCommit(hook: () => void): void;
  /** Runs `hook` when nobody can tell whether the commit took place: the connection broke before its answer. */
  onDoubt(hook: () => void): void;
  /** Wakes `database.listen(topic)` in this process right after the commit. A hint only: listeners also poll. */
  wakeOnCommit(topic: string): void;
  /**
   * Runs a statement at the end of the transaction, in one packet with COMMIT. For writes that nobody in the
   * transaction reads, such as outbox rows. Its failure rolls everything back.
   */
  defer(text: string, values: readonly unknown[]): void;
  /** Like `defer` for one row of a statement that writes many: rows given to the same `write` travel in one statement. */
  deferRow<R>(write: (rows: readonly R[]) => Statement, row: R): void;
  /** Runs what is deferred so far, so that what follows sees it. */
  flush(): Promise<void>;
  /** Ends the transaction with ROLLBACK although `fn` resolves: nothing that it did is kept, no hook runs. */
  abandon(): void;
};

/** A statement with its parameters. */
export type Statement = { text: string; values: readonly unknown[] };

/** What a transaction needs of its database. */
export type TransactionSource = {
  pool: pgTypes.Pool;
  /** Of its spans. */
  attributes: Attributes;
  /** Is told each topic after the commit. */
  wake: (topic: string) => void;
  /** By the `write` of `deferRow`: where its rows go instead, or null. */
  diverted: ReadonlyMap<unknown, () => ((row: unknown) => void) | null>;
};

export type TransactionOptions = {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** How often `fn` is run again after a lost race (40001, 40P01). Default 3. */
  retries?: number;
};

/** Runs `fn` in a transaction; runs it again when it lost a race. */
export async function transact<T>(
  source: TransactionSource,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const retries = options.retries ?? 3;
  for (let attempt = 0; ; attempt++) {
    try {
      return await transactOnce(source, fn, options);
    } catch (error) {
      const lostRace = isAppError(error, 'conflict') && error.retryable;
      if (!lostRace || attempt >= retries) throw error;
    }
  }
}

async function transactOnce<T>(
  source: TransactionSource,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const { pool, attributes, wake, diverted } = source;
  const client = await pool.connect().catch((error) => {
    annotate({ [names.unreachable]: 'postgres' });
    throw toAppError(error);
  });
  const hooks: (() => void)[] = [];
  const doubts: (() => void)[] = [];
  const topics = new Set<string>();
  const deferred = createDeferred();
  let abandoned = false;
  let closed = false;
  let committing = false;
  let broken: Error | undefined;
  const run: Tx['query'] = (text, values) => {
    holdForTurn(client);
    return runStatement(client, attributes, text, values);
  };
  const tx: Tx = {
    query: async (text, values) => {
      // Somebody whom nobody waits for any more: the connection may be in another transaction by now.
      if (closed) throw new AppError('cancelled', 'the transaction has ended');
      return run(text, values);
    },
    onCommit: (hook) => {
      hooks.push(context.bind(context.active(), hook));
    },
    onDoubt: (hook) => {
      doubts.push(hook);
    },
    wakeOnCommit: (topic) => {
      topics.add(topic);
    },
    defer: deferred.add,
    deferRow: (write, row) => {
      const sink = diverted.get(write)?.() ?? null;
      if (sink === null) deferred.addRow(write, row);
      else hooks.push(() => sink(row));
    },
    flush: async () => {
      await Promise.all(deferred.take().map(({ text, values }) => tx.query(text, values)));
    },
    abandon: () => {
      abandoned = true;
    },
  };
  try {
    const begun = begin(client, options);
    const result = await fn(tx);
    await begun;
    closed = true;
    if (abandoned) {
      broken = await rollback(client);
      return result;
    }
    committing = true;
    await commit(client, attributes, deferred.take());
    for (const hook of hooks) hook();
    for (const topic of topics) wake(topic);
    return result;
  } catch (error) {
    closed = true;
    const failure = toAppError(error);
    // A lost connection has rolled back by itself, and answers nothing until its time-out.
    const lost = isAppError(failure, 'unavailable');
    if (lost && committing) for (const hook of doubts) hook();
    broken = lost ? failure : await rollback(client);
    throw failure;
  } finally {
    client.release(broken);
  }
}

/** Not awaited by the caller: the connection pipelines, so BEGIN travels with the first statement. */
function begin(client: pgTypes.PoolClient, options: TransactionOptions): Promise<unknown> {
  holdForTurn(client);
  const begun = client.query(options.isolation === undefined ? 'begin' : `begin isolation level ${options.isolation}`);
  begun.catch(() => {});
  return begun;
}

/** Statements of one turn of the event loop leave in one packet, and cost one system call. */
function holdForTurn(client: pgTypes.PoolClient): void {
  const stream = socketOf(client);
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

async function commit(
  client: pgTypes.PoolClient,
  attributes: Attributes,
  deferred: readonly Statement[],
): Promise<void> {
  const startMs = Date.now();
  holdForTurn(client);
  const last = deferred.map(({ text, values }) => runStatement(client, attributes, text, values));
  const [{ command }] = await Promise.all([client.query('commit'), ...last]);
  recordCommit(attributes, startMs, Date.now());
  // Postgres answers COMMIT of a failed transaction with ROLLBACK and no error: somebody swallowed a statement's error.
  if (command !== 'COMMIT')
    throw new AppError('internal', 'a statement had failed, so the transaction was rolled back');
}

/** Writes that wait, in the order given; rows of one statement stand where the first of them was given. */
function createDeferred() {
  let waiting: (() => Statement)[] = [];
  let rowsOf = new Map<unknown, unknown[]>();
  return {
    add(text: string, values: readonly unknown[]): void {
      waiting.push(() => ({ text, values }));
    },
    addRow<R>(write: (rows: readonly R[]) => Statement, row: R): void {
      const known = rowsOf.get(write);
      if (known !== undefined) {
        known.push(row);
        return;
      }
      const rows = [row];
      rowsOf.set(write, rows);
      waiting.push(() => write(rows));
    },
    take(): Statement[] {
      const statements = waiting.map((statement) => statement());
      waiting = [];
      rowsOf = new Map();
      return statements;
    },
  };
}

function socketOf(client: pgTypes.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** Returns an error when the connection cannot be used again. */
async function rollback(client: pgTypes.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
