import { type Findings, fleetInvariant, overdueBefore } from './invariant.ts';

const deadlineMs = 15_000;

export type Timers = {
  /** Null while the service keeps no timers. */
  set: number | null;
  overdue: { orderId: string; name: string; attempt: number; firesAt: string }[];
  /** Orders whose payment was due and that are neither paid, ended nor being undone. */
  forgotten: { orderId: string; status: string; dueAt: string }[];
  overdueBefore: number;
};

export const l10 = fleetInvariant<Timers>({
  id: 'L10',
  name: 'No lost timer',
  kind: 'liveness',
  statement: 'A deadline of a saga is told when it is due, and no order sits past the deadline of its payment.',
  deadlineMs,
  everyMs: 5_000,
  async load(sources) {
    const before = overdueBefore(sources, deadlineMs);
    if (!(await sources.databases.hasTable('orders', 'saga_timer'))) {
      return { set: null, overdue: [], forgotten: [], overdueBefore: before };
    }
    const [counted, overdue, forgotten] = await Promise.all([
      // Told timers are taken away, so the orders count as what was timed.
      sources.databases.query<{ n: number }>('orders', 'select count(*)::int as n from orders'),
      sources.databases.query<Timers['overdue'][number]>(
        'orders',
        `select order_id as "orderId", name, attempt, fires_at as "firesAt" from saga_timer
         where fires_at < now() - interval '${deadlineMs} milliseconds' order by fires_at limit 100`,
      ),
      sources.databases.query<Timers['forgotten'][number]>(
        'orders',
        `select id as "orderId", status, payment_due_at as "dueAt" from orders
         where status in ('created', 'screened', 'reserved') and payment_due_at < now() - interval '${deadlineMs} milliseconds'
         order by payment_due_at limit 100`,
      ),
    ]);
    return { set: counted[0]?.n ?? 0, overdue, forgotten, overdueBefore: before };
  },
  check({ set, overdue, forgotten, overdueBefore: before }): Findings {
    if (set === null) return { evidence: {}, violations: [], unknown: 'orders keeps no timers' };
    return {
      evidence: { 'timed orders': set },
      violations: [
        ...overdue
          .filter(({ firesAt }) => Date.parse(firesAt) < before)
          .map(({ orderId, name, attempt, firesAt }) => ({
            subject: orderId,
            orderId,
            problem: `Timer ${name} (try ${attempt}) was due at ${firesAt} and was not told.`,
          })),
        ...forgotten
          .filter(({ dueAt }) => Date.parse(dueAt) < before)
          .map(({ orderId, status, dueAt }) => ({
            subject: orderId,
            orderId,
            problem: `It is ${status}; its payment was due at ${dueAt}.`,
          })),
      ],
    };
  },
});
