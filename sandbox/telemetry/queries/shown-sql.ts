import type { DuckDBValue } from '@duckdb/node-api';

/** The query as a person would type it: for panels to show and copy, never to run. */
export function shownSql(sql: string, params: readonly DuckDBValue[]): string {
  return sql.replace(/\$(\d+)/g, (_, index: string) => literal(params[Number(index) - 1] ?? null));
}

function literal(value: DuckDBValue): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return value === null ? 'null' : String(value);
}
