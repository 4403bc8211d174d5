import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#kit/clock.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { Service } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import type { Job } from './job.ts';
import { runDueJob } from './run-due-job.ts';
import { nextRunAt } from './schedule.ts';
import { registerJob } from './store.ts';

/** How often the table is asked. Jobs come by the hour or by the day; a few seconds do not matter to them. */
const pollMs = 5_000;

/**
 * Runs scheduled jobs until the service stops. When and by whom is in the `jobs` table, so a restart forgets nothing
 * and two instances never run the same job together.
 */
export async function startJobs(
  service: Service,
  options: { db: Database; clock: Clock; jobs: readonly Job[] },
): Promise<void> {
  const { db, clock, jobs } = options;
  const { log, signal } = service;
  for (const job of jobs) {
    // An interval job is due at once after the first start; a daily one at its hour.
    const first = 'everyMs' in job.schedule ? clock.now() : nextRunAt(job.schedule, clock.now());
    await withoutTracing(() => registerJob(db, job.name, first));
  }

  async function runForever(): Promise<void> {
    while (!signal.aborted) {
      try {
        const ran = await runDueJob(jobs, service.instance, { db, clock, log, signal });
        if (ran !== null) continue;
      } catch (error) {
        log.debug({ error }, 'jobs cannot be read now');
      }
      await sleep(pollMs, undefined, { signal }).catch(() => {});
    }
  }

  const running = withoutTracing(runForever);
  service.shutdown.add('jobs', () => running);
}
