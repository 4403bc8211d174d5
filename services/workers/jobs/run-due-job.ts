import type { Job, JobContext } from './job.ts';
import { nextRunAt } from './schedule.ts';
import { leaseDueJob, returnJob } from './store.ts';

/** A failed run is tried again after this, not only at its next turn. */
const retryAfterMs = 60_000;

/** Runs one due job, if there is one. Returns its name, or null. Never throws for a job that fails. */
export async function runDueJob(jobs: readonly Job[], holder: string, context: JobContext): Promise<string | null> {
  const { db, clock, log } = context;
  const leaseMs = Math.max(...jobs.map((job) => job.leaseMs));
  const name = await leaseDueJob(db, { names: jobs.map((job) => job.name), holder, now: clock.now(), leaseMs });
  const job = jobs.find((candidate) => candidate.name === name);
  if (!job) return null;
  const startedAt = clock.now();
  const failure = await attempt(job, context);
  const now = clock.now();
  const next = failure === null ? nextRunAt(job.schedule, now) : now + retryAfterMs;
  const kept = await returnJob(db, { name: job.name, holder, now, nextRunAt: next, error: failure });
  const fields = { job: job.name, durationMs: now - startedAt, nextRunAt: new Date(next).toISOString() };
  if (!kept) log.warn(fields, 'job outlived its lease');
  else if (failure === null) log.info(fields, 'job done');
  else log.warn({ ...fields, failure }, 'job failed, will be tried again');
  return job.name;
}

async function attempt(job: Job, context: JobContext): Promise<string | null> {
  try {
    await job.run(context);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
