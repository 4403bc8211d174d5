import { readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { AppError } from '#contracts/errors.ts';
import type { Log } from '#sandbox/log.ts';
import { createGate, type Gate } from './gate.ts';

/** Rows of a query, by column name. */
export type Row = Record<string, DuckDBValue>;
export type Params = readonly DuckDBValue[];
export type Read = (sql: string, params: Params) => Promise<Row[]>;

/**
 * The database, reached by intent only: nobody holds a connection after the closure has returned.
 * Reads run beside each other (two at a time) and beside the one writer.
 */
export type Database = {
  /** Runs reads on a connection of its own. Interrupted by the signal or after `deadlineMs` (deadline_exceeded). */
  withRead<T>(signal: AbortSignal, use: (read: Read) => Promise<T>): Promise<T>;
  /** Runs the closure in a transaction, alone among writers. */
  withWrite<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Makes the file hold everything that the write-ahead log holds. */
  checkpoint(): Promise<void>;
  /** Bytes in use in the file (freed blocks are reused, so they do not count) plus the write-ahead log. */
  sizeBytes(): Promise<number>;
  close(): Promise<void>;
};

// Small on purpose: some fifteen processes share the machine with an editor. Scans stream, so they fit. The allocator
// settings give freed memory back at once: 80 MB less after a burst, for no measurable time.
const settings = {
  memory_limit: '64MB',
  // With a second one, whoever waits for a statement spins until the other has run it: a ninth of this process's CPU, and
  // searches of 260k spans were no faster (docs/perf/cpu-per-order.md). Reads still run beside each other and the writer.
  threads: '1',
  storage_compatibility_version: 'v1.5.0', // dictionary + FSST compression, see spans.sql
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allocator_flush_threshold: '1MB',
  allocator_bulk_deallocation_flush_threshold: '4MB',
  allocator_background_threads: 'true',
};
const schemaVersion = 4;
const deadlineMs = 10_000;
const readers = 2;

/**
 * Opens (or makes) the database in a folder. A file that DuckDB cannot open is moved aside, with a log line, so that a
 * damaged file costs its content and not the process. The write-ahead log grows to `checkpointMiB`.
 */
export async function openDatabase(folder: string, checkpointMiB: number, log: Log): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'telemetry.duckdb');
  const instance = await openOrSetAside(file, folder, checkpointMiB, log);
  const writer = await instance.connect();
  const idle = await Promise.all(Array.from({ length: readers }, () => instance.connect()));
  const all = [...idle, writer];
  const reading = createGate(readers);
  const writing = createGate(1);

  return {
    withRead: (signal, use) => reading.run(() => readOn(idle, signal, use)),
    withWrite: (use) => writing.run(() => inTransaction(writer, use)),
    checkpoint: () => writing.run(async () => void (await writer.run('checkpoint'))),
    sizeBytes: () => reading.run(() => sizeOf(idle, file)),
    close: () => closeAll(instance, all, [writing, reading]),
  };
}

async function closeAll(instance: DuckDBInstance, connections: DuckDBConnection[], gates: Gate[]): Promise<void> {
  for (const gate of gates) await gate.close();
  for (const connection of connections) connection.closeSync();
  instance.closeSync();
}

async function openOrSetAside(file: string, folder: string, checkpointMiB: number, log: Log): Promise<DuckDBInstance> {
  try {
    return await openWithSchema(file, folder, checkpointMiB);
  } catch (error) {
    if (isLocked(error)) throw new AppError('conflict', `${file} is in use by another process`, { cause: error });
    const aside = `${file}.damaged-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    for (const suffix of ['', '.wal']) {
      if (await exists(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    log.error('database could not be opened and was moved aside', { file, aside, reason: String(error).slice(0, 300) });
    return await openWithSchema(file, folder, checkpointMiB);
  }
}

async function openWithSchema(file: string, folder: string, checkpointMiB: number): Promise<DuckDBInstance> {
  const temp = join(folder, 'temp');
  rmSync(temp, { recursive: true, force: true });
  const instance = await DuckDBInstance.create(file, {
    ...settings,
    checkpoint_threshold: `${checkpointMiB}MiB`,
    temp_directory: temp,
  });
  try {
    const connection = await instance.connect();
    for (const name of readSql('_order').split(/\s+/).filter(Boolean)) await connection.run(readSql(`${name}.sql`));
    await requireVersion(connection);
    // Touch every column of every table: a file damaged in its middle opens, and fails at the first query.
    for (const table of ['spans', 'trace_parts', 'logs']) await connection.run(`select * from ${table} limit 1`);
    connection.closeSync();
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

async function requireVersion(connection: DuckDBConnection): Promise<void> {
  const rows = (await connection.runAndReadAll('select version from schema_version')).getRows();
  const used = await connection.runAndReadAll('select 1 from spans union all select 1 from logs limit 1');
  if (rows.length === 0 && used.currentRowCount === 0)
    await connection.run('insert into schema_version values ($1)', [schemaVersion]);
  else if (rows[0]?.[0] !== schemaVersion) throw new Error(`the file has another schema version than ${schemaVersion}`);
}

function readSql(name: string): string {
  return readFileSync(new URL(`./sql/${name}`, import.meta.url), 'utf8');
}

function isLocked(error: unknown): boolean {
  return /Could not set lock|Conflicting lock/i.test(String(error));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readOn<T>(idle: DuckDBConnection[], signal: AbortSignal, use: (read: Read) => Promise<T>): Promise<T> {
  const connection = idle.pop();
  if (connection === undefined) throw new Error('the gate let too many readers in');
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const interrupt = (): void => connection.interrupt();
  deadline.addEventListener('abort', interrupt, { once: true });
  try {
    return await use(async (sql, params) => {
      if (deadline.aborted) throw new Error('aborted before the query');
      return (await connection.runAndReadAll(sql, [...params])).getRowObjects();
    });
  } catch (error) {
    if (signal.aborted) throw new AppError('cancelled', 'the query was cancelled', { cause: error });
    if (deadline.aborted)
      throw new AppError('deadline_exceeded', 'the query ran too long; narrow its time range', { cause: error });
    throw error;
  } finally {
    deadline.removeEventListener('abort', interrupt);
    idle.push(connection);
  }
}

async function inTransaction<T>(writer: DuckDBConnection, use: (c: DuckDBConnection) => Promise<T>): Promise<T> {
  await writer.run('begin');
  try {
    const result = await use(writer);
    await writer.run('commit');
    return result;
  } catch (error) {
    await writer.run('rollback').catch(() => undefined);
    throw error;
  }
}

async function sizeOf(idle: DuckDBConnection[], file: string): Promise<number> {
  const connection = idle.pop();
  if (connection === undefined) throw new Error('the gate let too many readers in');
  try {
    const [row] = (
      await connection.runAndReadAll('select used_blocks * block_size as bytes from pragma_database_size()')
    ).getRowObjects();
    const wal = await stat(`${file}.wal`).catch(() => null);
    return Number(row?.bytes ?? 0) + (wal?.size ?? 0);
  } finally {
    idle.push(connection);
  }
}
