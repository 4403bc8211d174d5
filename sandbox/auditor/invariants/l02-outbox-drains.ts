import { outboxOwners } from '../evidence/consumers.ts';
import { fleetInvariant, overdueBefore } from './invariant.ts';

const deadlineMs = 5_000;

export type OutboxState = {
  service: string;
  waiting: number;
  parked: number;
  oldestAt: string | null;
  oldestKey: string | null;
  oldestType: string | null;
};

export const l02 = fleetInvariant<{ outboxes: OutboxState[]; overdueBefore: number }>({
  id: 'L2',
  name: 'Outboxes drain',
  kind: 'liveness',
  statement: 'The oldest row that waits in an outbox is younger than five seconds, once broker and services run.',
  deadlineMs,
  everyMs: 3_000,
  async load(sources) {
    const outboxes = outboxOwners.map(async (service): Promise<OutboxState[]> => {
      const rows = await sources.databases.query<OutboxState>(
        service,
        `select (select count(*)::int from outbox where published_at is null and parked_at is null) as waiting,
           (select count(*)::int from outbox where parked_at is not null) as parked,
           o.created_at as "oldestAt", o.key as "oldestKey", o.type as "oldestType"
         from (select 1) as one left join lateral
           (select created_at, key, type from outbox where published_at is null and parked_at is null order by seq limit 1) o on true`,
      );
      return rows.map((row) => ({ ...row, service }));
    });
    return { outboxes: (await Promise.all(outboxes)).flat(), overdueBefore: overdueBefore(sources, deadlineMs) };
  },
  check: ({ outboxes, overdueBefore: before }) => ({
    evidence: {
      outboxes: outboxes.length,
      'waiting rows': outboxes.reduce((sum, { waiting }) => sum + waiting, 0),
    },
    violations: outboxes
      .filter(({ oldestAt }) => oldestAt !== null && Date.parse(oldestAt) < before)
      .map(({ service, waiting, oldestAt, oldestKey, oldestType }) => ({
        subject: oldestKey ?? service,
        orderId: oldestKey,
        problem: `${waiting} rows wait in the outbox of ${service}, ${oldestType} since ${oldestAt}.`,
      })),
  }),
});
