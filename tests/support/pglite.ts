/** Postgres with pgvector for tests: compiled to WebAssembly, in this process, in memory. The database of one service. */
import { readdirSync, readFileSync } from 'node:fs';
import { PGlite, types } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { Database } from '#kit/postgres/database.ts';

export type TestPglite = { db: Database; close(): Promise<void> };

/** `folders`: migrations to apply, in order. `extension`: whether pgvector is created in it first. */
export async function openPglite(folders: readonly URL[], { extension }: { extension: boolean }): Promise<TestPglite> {
  // Bytes as Node's drivers give them.
  const parsers = { [types.BYTEA]: (text: string) => Buffer.from(text.slice(2), 'hex') };
  const pglite = await PGlite.create({ extensions: { vector }, parsers });
  if (extension) await pglite.exec('create extension vector');
  for (const folder of folders) {
    for (const name of readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .sort()) {
      await pglite.exec(readFileSync(new URL(name, folder), 'utf8'));
    }
  }
  const queryable = (on: Pick<PGlite, 'query'>) => ({
    query: async (text: string, values: readonly unknown[] = []) => {
      const { rows, affectedRows = 0 } = await on.query(text, [...values]);
      return { rows, rowCount: affectedRows };
    },
  });
  const db = {
    ...queryable(pglite),
    transaction: (work: (tx: unknown) => Promise<unknown>) => pglite.transaction((tx) => work(queryable(tx as never))),
  };
  return { db: db as unknown as Database, close: () => pglite.close() };
}
