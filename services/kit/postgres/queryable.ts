import type { Attributes } from '@opentelemetry/api';
import type pgTypes from 'pg';
import { toAppError } from './errors.ts';
import { statementOf } from './statement.ts';
import { withStatementSpan } from './statement-span.ts';

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

/** A pool or a connection of the driver. */
export type Runner = { query(config: pgTypes.QueryConfig): Promise<pgTypes.QueryResult> };

/** Runs a statement on a connection, traced, prepared by its text, with errors in our codes. */
export async function runStatement<R extends object>(
  runner: Runner,
  connection: Attributes,
  text: string,
  values: readonly unknown[] = [],
): Promise<Rows<R>> {
  const statement = statementOf(text);
  const config = { name: statement.prepared, text, values: values as unknown[] };
  try {
    const result = await withStatementSpan(statement, connection, () => runner.query(config));
    return { rows: result.rows as R[], rowCount: result.rowCount ?? 0 };
  } catch (error) {
    throw toAppError(error);
  }
}
