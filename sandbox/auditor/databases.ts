import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { AppError } from '#contracts/errors.ts';

/** Databases that the login `auditor` may read (sandbox/topology.ts grants them). */
export const auditedDatabases = [
  'orders',
  'inventory',
  'billing',
  'payments',
  'workers',
  'history',
  'pricing',
  'inference',
] as const;
export type AuditedDatabase = (typeof auditedDatabases)[number];

export type Databases = {
  /** One read-only statement. Throws `unavailable` when the database does not answer, or not in time. */
  query<R extends pg.QueryResultRow>(database: AuditedDatabase, sql: string, values?: unknown[]): Promise<R[]>;
  /** Whether a table exists: later versions of a service may bring it. */
  hasTable(database: AuditedDatabase, table: string): Promise<boolean>;
  close(): Promise<void>;
};

/** The server ends a statement of ours after this time: an audit must not hold anybody up. */
const statementTimeoutMs = 5_000;

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // Amounts and counters are far below 2^53; instants compare as text in one notation.
    if (format !== 'binary' && (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC)) return Number;
    if (format !== 'binary' && oid === pg.types.builtins.TIMESTAMPTZ)
      return (text: string) => new Date(text).toISOString();
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as unknown as pg.CustomTypesConfig;

/** One connection per database, opened when it is first asked. `url` names the server and the login. */
export function openDatabases(url: string): Databases {
  const pools = new Map<AuditedDatabase, pg.Pool>();
  const poolOf = (database: AuditedDatabase) => {
    const known = pools.get(database);
    if (known !== undefined) return known;
    const at = new URL(url);
    at.pathname = `/${database}`;
    const pool = new pg.Pool({
      connectionString: at.href,
      max: 1,
      connectionTimeoutMillis: 2_000,
      idleTimeoutMillis: 60_000,
      query_timeout: statementTimeoutMs + 1_000,
      application_name: 'auditor',
      options: `-c default_transaction_read_only=on -c statement_timeout=${statementTimeoutMs} -c lock_timeout=500`,
      types,
    });
    // A connection that breaks while idle is replaced by the next query.
    pool.on('error', () => undefined);
    pools.set(database, pool);
    return pool;
  };
  const query: Databases['query'] = async (database, sql, values = []) => {
    try {
      return (await poolOf(database).query(sql, values)).rows;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('unavailable', `database ${database}: ${reason}`, { cause });
    }
  };
  return {
    query,
    async hasTable(database, table) {
      const [row] = await query<{ found: boolean }>(database, 'select to_regclass($1) is not null as found', [table]);
      return row?.found === true;
    },
    async close() {
      const ended = Promise.allSettled([...pools.values()].map((pool) => pool.end()));
      await Promise.race([ended, sleep(1_000, undefined, { ref: false })]);
    },
  };
}
