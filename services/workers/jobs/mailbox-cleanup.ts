import type { Job } from './job.ts';

/** The dev mailbox keeps this many days and this many mails. */
export const keepDays = 30;
export const keepMails = 100_000;

/** Nightly: removes mails that are too old or too many, so that a sandbox left running does not fill the disk. */
export const mailboxCleanup: Job = {
  name: 'mailbox-cleanup',
  schedule: { dailyAtUtc: { hour: 3, minute: 0 } },
  leaseMs: 60_000,
  async run({ db, clock, log }) {
    const before = new Date(clock.now() - keepDays * 86_400_000);
    const { rowCount } = await db.query(
      `delete from mails where sent_at < $1
          or id in (select id from mails order by sent_at desc, id desc offset $2)`,
      [before, keepMails],
    );
    if (rowCount > 0) log.info({ mails: rowCount }, 'mailbox cleaned');
  },
};
