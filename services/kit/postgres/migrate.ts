import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type pgTypes from 'pg';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Logger } from '../logger.ts';
import { isConnectionLoss } from './errors.ts';

export type MigrationSource = {
  /** Whose migrations these are: `kit` or the service's name. */
  name: string;
  /**
   * Folder with `NNN-what.sql` files, applied in name order, each in the same transaction as its record. A folder in it
   * that is named after an extension of Postgres is applied as well, after it, where the database has that extension.
   */
  directory: URL;
};

export type MigrateOptions = {
  sources: MigrationSource[];
  log: Logger;
  signal: AbortSignal;
  /** How long to wait for Postgres to answer. Default 30 000. */
  patienceMs?: number;
};

/** What gives connections outside of a pool: a `Database`. */
type ConnectionSource = { dedicated(): Promise<pgTypes.Client> };

/** Session lock that lets one process per database migrate at a time. */
const migrationLock = 7_301_001;

/**
 * Applies what is missing, source by source. Waits for Postgres; concurrent processes queue up on an advisory lock.
 * Throws `conflict` when a file that had been applied has changed since: migrations are never edited, only added.
 */
export async function migrate(database: ConnectionSource, options: MigrateOptions): Promise<void> {
  const deadline = Date.now() + (options.patienceMs ?? 30_000);
  for (let attempt = 0; ; attempt++) {
    try {
      await migrateOnce(database, options);
      return;
    } catch (error) {
      const waiting = isConnectionLoss(error) || isAppError(error, 'unavailable');
      if (!waiting || Date.now() > deadline || options.signal.aborted) throw error;
      if (attempt === 0) options.log.warn('waiting for the database');
      await sleep(Math.min(100 * 2 ** attempt, 1_000), undefined, { signal: options.signal });
    }
  }
}

async function migrateOnce(database: ConnectionSource, { sources, log }: MigrateOptions): Promise<void> {
  const client = await database.dedicated();
  try {
    await client.query(`select pg_advisory_lock(${migrationLock})`);
    await client.query(`create table if not exists migrations (
      source text not null, name text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (source, name))`);
    const { rows } = await client.query<{ source: string; name: string; checksum: string }>(
      'select source, name, checksum from migrations',
    );
    const applied = new Map(rows.map((row) => [`${row.source}/${row.name}`, row.checksum]));
    const { rows: extensions } = await client.query<{ extname: string }>('select extname from pg_extension');
    const withParts = sources.flatMap((source) => [
      source,
      ...extensions
        .map(({ extname }) => ({
          name: `${source.name}/${extname}`,
          directory: new URL(`${extname}/`, source.directory),
        }))
        .filter(({ directory }) => existsSync(directory)),
    ]);
    for (const source of withParts) {
      for (const file of await readMigrations(source)) {
        const before = applied.get(`${source.name}/${file.name}`);
        if (before === file.checksum) continue;
        if (before !== undefined) {
          throw new AppError('conflict', `migration ${source.name}/${file.name} was changed after it had been applied`);
        }
        await client.query('begin');
        await client.query(file.sql);
        await client.query('insert into migrations (source, name, checksum) values ($1, $2, $3)', [
          source.name,
          file.name,
          file.checksum,
        ]);
        await client.query('commit');
        log.info({ source: source.name, migration: file.name }, 'migration applied');
      }
    }
  } finally {
    // Ends the session and with it the lock and any open transaction.
    await client.end().catch(() => {});
  }
}

async function readMigrations(source: MigrationSource): Promise<{ name: string; sql: string; checksum: string }[]> {
  const names = (await readdir(source.directory)).filter((name) => /^\d{3}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, source.directory), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
