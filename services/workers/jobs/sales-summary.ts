import type { Job } from './job.ts';

/** A few minutes after midnight UTC: writes the summary of every finished day that has invoices and no summary yet. */
export const salesSummary: Job = {
  name: 'sales-summary',
  schedule: { dailyAtUtc: { hour: 0, minute: 5 } },
  leaseMs: 60_000,
  async run({ db, clock, log }) {
    const { rows } = await db.query<{ day: string; currency: string; orders: number; total_minor: number }>(
      `insert into sales_summaries (day, currency, orders, total_minor)
       select (issued_at at time zone 'UTC')::date, currency, count(*), sum(total_minor)
         from invoices
        where issued_at < date_trunc('day', $1::timestamptz, 'UTC')
          and issued_at >= date_trunc('day', $1::timestamptz, 'UTC') - interval '31 days'
        group by 1, 2
       on conflict (day, currency) do nothing
       returning day::text, currency, orders, total_minor`,
      [new Date(clock.now())],
    );
    for (const { day, currency, orders, total_minor: totalMinor } of rows) {
      log.info({ day, currency, orders, totalMinor }, 'sales summary written');
    }
  },
};
