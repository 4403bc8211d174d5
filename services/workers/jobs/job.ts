import type { Clock } from '#kit/clock.ts';
import type { Logger } from '#kit/logger.ts';
import type { Database } from '#kit/postgres/database.ts';
import type { Schedule } from './schedule.ts';

export type JobContext = { db: Database; clock: Clock; log: Logger; signal: AbortSignal };

/** Work that comes round. May run again after a crash, so doing it twice must be the same as doing it once. */
export type Job = {
  name: string;
  schedule: Schedule;
  /** A run that takes longer is given up by the lease and taken over by whoever comes next. */
  leaseMs: number;
  run(context: JobContext): Promise<void>;
};
