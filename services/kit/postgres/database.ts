import { createRequire } from 'node:module';
import type pgTypes from 'pg';
import { offerDatabaseFaults } from '../faults/database.ts';
import type { Service } from '../service.ts';
import { withoutTracing } from '../telemetry/spans.ts';
import { migrate } from './migrate.ts';
import { type Queryable, runStatement } from './queryable.ts';
import { connectionAttributes, postgresScope } from './statement-span.ts';
import { type Statement, type TransactionOptions, type Tx, transact } from './transaction.ts';

// Required here, so that only services with a database load it, and as CommonJS, which costs less to load.
const pg = createRequire(import.meta.url)('pg') as typeof pgTypes;

export type { Queryable, Rows } from './queryable.ts';
export type { Statement, TransactionOptions, Tx } from './transaction.ts';

export type Database = Queryable & {
  /** Runs `fn` in a transaction: commits when it resolves, rolls back when it throws. `fn` may run more than once. */
  transaction<T>(fn: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** In-process hints sent by `tx.wakeOnCommit`; returns the function that stops listening. */
  listen(topic: string, listener: () => void): () => void;
  /**
   * Rows given to `tx.deferRow(write, …)` go to the sink right after the commit, and are not written, while `sink`
   * gives one. For teaching: what a change without its outbox row is worth.
   */
  divert<R>(write: (rows: readonly R[]) => Statement, sink: () => ((row: R) => void) | null): void;
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

  const diverted = new Map<unknown, () => ((row: unknown) => void) | null>();
  const attributes = connectionAttributes(options.url);
  const wake = (topic: string) => {
    for (const listener of listeners.get(topic) ?? []) listener();
  };

  return {
    query: (text, values) => runStatement(pool, attributes, text, values),
    transaction: (fn, transactionOptions) =>
      transact({ pool, attributes, wake, diverted }, fn, transactionOptions ?? {}),
    listen(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set.add(listener));
      return () => set.delete(listener);
    },
    divert: (write, sink) => {
      diverted.set(write, sink as () => ((row: unknown) => void) | null);
    },
    async ping() {
      await runStatement(pool, attributes, 'select 1');
    },
    async dedicated() {
      const client = new pg.Client({ ...connection, pipeline: false });
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
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
  service.selfCheck.add('pg', postgresScope, () => database.ping());
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
  offerDatabaseFaults(service.faults, database);
  return database;
}
