import type { Database } from '#kit/postgres/database.ts';
import { createBytesStore } from './bytes-store.ts';
import { createPgvectorStore } from './pgvector-store.ts';
import type { VectorStore } from './vector-store.ts';

/**
 * The database says which: one with the extension `vector` keeps and searches vectors itself (its table is made by
 * migrations/vector), any other keeps bytes, and they are searched in this process's memory.
 */
export async function openVectorStore(db: Database): Promise<VectorStore> {
  const { rows } = await db.query<{ extversion: string }>(
    "select extversion from pg_extension where extname = 'vector'",
  );
  const version = rows[0]?.extversion;
  return version === undefined ? createBytesStore(db) : createPgvectorStore(db, version);
}
