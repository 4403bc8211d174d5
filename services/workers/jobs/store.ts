import type { Queryable } from '#kit/postgres/database.ts';

/** Registers a job; a known one keeps its next run. */
export async function registerJob(db: Queryable, name: string, nextRunAt: number): Promise<void> {
  await db.query(`insert into jobs (name, next_run_at) values ($1, $2) on conflict (name) do nothing`, [
    name,
    new Date(nextRunAt),
  ]);
}

/** Takes a due job for `leaseMs`. Null when none of these is due or somebody holds it. */
export async function leaseDueJob(
  db: Queryable,
  options: { names: readonly string[]; holder: string; now: number; leaseMs: number },
): Promise<string | null> {
  const { names, holder, now, leaseMs } = options;
  const { rows } = await db.query<{ name: string }>(
    `update jobs set leased_by = $2, leased_until = $4, last_started_at = $3, runs = runs + 1
      where name = (select name from jobs
                     where name = any($1) and next_run_at <= $3 and (leased_until is null or leased_until <= $3)
                     order by next_run_at for update skip locked limit 1)
      returning name`,
    [names, holder, new Date(now), new Date(now + leaseMs)],
  );
  return rows[0]?.name ?? null;
}

/** Gives a job back with its next run. Does nothing when the lease has gone to somebody else meanwhile. */
export async function returnJob(
  db: Queryable,
  options: { name: string; holder: string; now: number; nextRunAt: number; error: string | null },
): Promise<boolean> {
  const { name, holder, now, nextRunAt, error } = options;
  const { rowCount } = await db.query(
    `update jobs set leased_by = null, leased_until = null, last_finished_at = $3, next_run_at = $4, last_error = $5::text,
                     failures = case when $5::text is null then 0 else failures + 1 end
      where name = $1 and leased_by = $2`,
    [name, holder, new Date(now), new Date(nextRunAt), error],
  );
  return rowCount === 1;
}
