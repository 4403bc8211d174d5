import type pgTypes from 'pg';
import type { Service } from '../service.ts';
import { requireInstrumented, scopes } from '../telemetry/instrument.ts';
import { withoutTracing } from '../telemetry/spans.ts';
import { toAppError } from './errors.ts';
import { migrate } from './migrate.ts';
import { statementName } from './statement-name.ts';

const pg = requireInstrumented<typeof pgTypes>('pg', 'pg');

export type Rows<R> = { rows: R[]; rowCount: number };

/** Runs SQL: the database itself (own transaction per statement) or an open transaction. */
export type Queryable = {
  /**
   * Runs one statement with `$1…` parameters. `int8` arrives as number (throws beyond 2^53), `timestamptz` as UTC
   * ISO-8601 string, `numeric` as string. Throws `unavailable` when Postgres does not answer, `conflict` (retryable)
   * on a lost race, and the driver's error for anything else.
   */
  query<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<R>>;
};

/** An open transaction. */
export type Tx = Queryable & {
  /** Runs `hook` right after the commit, not at all after a rollback. Must not throw. */
  onCommit(hook: () => void): void;
  /** Wakes `database.listen(topic)` in this process right after the commit. A hint only: listeners also poll. */
  wakeOnCommit(topic: string): void;
};

export type TransactionOptions = {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** How often `fn` is run again after a lost race (40001, 40P01). Default 3. */
  retries?: number;
};

export type Database = Queryable & {
  /** Runs `fn` in a transaction: commits when it resolves, rolls back when it throws. `fn` may run more than once. */
  transaction<T>(fn: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** In-process hints sent by `tx.wakeOnCommit`; returns the function that stops listening. */
  listen(topic: string, listener: () => void): () => void;
  /** Resolves when Postgres answers. */
  ping(): Promise<void>;
  /** A connection outside the pool, for session locks. The caller ends it. */
  dedicated(): Promise<pgTypes.Client>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  url: string;
  applicationName: string;
  /** Connections at most. Default 8: ten services share one Postgres. */
  max?: number;
  /** The server ends a statement after this time. Default 10 000. */
  statementTimeoutMs?: number;
  /** Told about connections that broke while idle. */
  onIdleError?: (error: Error) => void;
};

pg.types.setTypeParser(pg.types.builtins.INT8, (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is beyond 2^53`);
  return value;
});
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text: string) => new Date(text).toISOString());

/** Opens a pool. Connections are made when needed, so this never fails; a lost one is replaced by the next query. */
export function createDatabase(options: DatabaseOptions): Database {
  const connection = {
    connectionString: options.url,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 30_000,
    query_timeout: (options.statementTimeoutMs ?? 10_000) + 2_000,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    pipeline: true,
  };
  const pool = new pg.Pool({ ...connection, max: options.max ?? 8, idleTimeoutMillis: 30_000 });
  // Without a listener the loss of an idle connection (Postgres restarted) would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // The pool does not listen while a connection is checked out. The query in flight rejects with the same error.
  pool.on('connect', (client) => client.on('error', () => {}));
  const listeners = new Map<string, Set<() => void>>();

  const database: Database = {
    query: (text, values) => run(pool, text, values),
    transaction: (fn, transactionOptions) => transact(pool, listeners, fn, transactionOptions ?? {}),
    listen(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    async ping() {
      await run(pool, 'select 1', []);
    },
    async dedicated() {
      const client = new pg.Client({ ...connection, pipeline: false });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
  return database;
}

/**
 * Opens the service's database: waits until Postgres answers, applies the kit's and the service's migrations,
 * registers readiness (`postgres`), the self-check and the shutdown step.
 */
export async function openDatabase(
  service: Service<{ DATABASE_URL: string }>,
  options: { migrations?: URL; max?: number; statementTimeoutMs?: number } = {},
): Promise<Database> {
  const database = createDatabase({
    url: service.env.DATABASE_URL,
    applicationName: service.name,
    max: options.max,
    statementTimeoutMs: options.statementTimeoutMs,
    onIdleError: (error) => service.log.warn({ error: error.message }, 'database connection lost'),
  });
  service.shutdown.add('postgres', () => database.close());
  service.health.addCheck('postgres', () => withoutTracing(() => database.ping()));
  service.selfCheck.add('pg', scopes.pg, () => database.ping());
  const kitMigrations = new URL('../migrations/', import.meta.url);
  await withoutTracing(() =>
    migrate(database, {
      sources: [
        { name: 'kit', directory: kitMigrations },
        ...(options.migrations === undefined ? [] : [{ name: service.name, directory: options.migrations }]),
      ],
      log: service.log,
      signal: service.signal,
    }),
  );
  return database;
}

type Runner = { query(config: pgTypes.QueryConfig): Promise<pgTypes.QueryResult> };

async function run<R extends object>(runner: Runner, text: string, values: readonly unknown[] = []): Promise<Rows<R>> {
  try {
    const result = await runner.query({ name: statementName(text), text, values: values as unknown[] });
    return { rows: result.rows as R[], rowCount: result.rowCount ?? 0 };
  } catch (error) {
    throw toAppError(error);
  }
}

async function transact<T>(
  pool: pgTypes.Pool,
  listeners: Map<string, Set<() => void>>,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const retries = options.retries ?? 3;
  for (let attempt = 0; ; attempt++) {
    try {
      return await transactOnce(pool, listeners, fn, options);
    } catch (error) {
      const lostRace = error instanceof Error && 'code' in error && error.code === 'conflict' && 'retryable' in error;
      if (!lostRace || error.retryable !== true || attempt >= retries) throw error;
    }
  }
}

async function transactOnce<T>(
  pool: pgTypes.Pool,
  listeners: Map<string, Set<() => void>>,
  fn: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await pool.connect().catch((error) => {
    throw toAppError(error);
  });
  const hooks: (() => void)[] = [];
  const topics = new Set<string>();
  let broken: Error | undefined;
  const tx: Tx = {
    query: (text, values) => run(client, text, values),
    onCommit: (hook) => {
      hooks.push(hook);
    },
    wakeOnCommit: (topic) => {
      topics.add(topic);
    },
  };
  try {
    // Not awaited: the connection pipelines, so BEGIN travels with the first statement and costs no round trip.
    const begun = client.query(
      options.isolation === undefined ? 'begin' : `begin isolation level ${options.isolation}`,
    );
    begun.catch(() => {});
    const result = await fn(tx);
    await begun;
    await client.query('commit');
    for (const hook of hooks) hook();
    for (const topic of topics) for (const listener of listeners.get(topic) ?? []) listener();
    return result;
  } catch (error) {
    broken = await rollback(client);
    throw toAppError(error);
  } finally {
    client.release(broken);
  }
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
