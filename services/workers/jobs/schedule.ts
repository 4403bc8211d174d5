/** When a job runs: a fixed time after the last run ended, or once a day at a UTC time. */
export type Schedule = { everyMs: number } | { dailyAtUtc: { hour: number; minute: number } };

/** The first instant after `after` at which the job is due. Both in epoch milliseconds. */
export function nextRunAt(schedule: Schedule, after: number): number {
  if ('everyMs' in schedule) return after + schedule.everyMs;
  const { hour, minute } = schedule.dailyAtUtc;
  const date = new Date(after);
  const today = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour, minute);
  return today > after ? today : today + 86_400_000;
}
