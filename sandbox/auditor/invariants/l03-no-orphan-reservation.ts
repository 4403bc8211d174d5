import { terminal } from '../evidence/dossier.ts';
import { fleetInvariant, overdueBefore } from './invariant.ts';

const deadlineMs = 20_000;

export type Reservations = {
  total: number;
  active: { orderId: string; updatedAt: string; expiresAt: string | null; orderStatus: string | null }[];
  overdueBefore: number;
};

export const l03 = fleetInvariant<Reservations>({
  id: 'L3',
  name: 'No orphan reservation',
  kind: 'liveness',
  statement:
    'Stock is held only for an order that is under way, and no longer than promised: a reservation of a finished or unknown order is released or committed, one that has run out is released.',
  deadlineMs,
  everyMs: 5_000,
  async load(sources) {
    const [[counted], active] = await Promise.all([
      sources.databases.query<{ n: number }>('inventory', 'select count(*)::int as n from reservations'),
      sources.databases.query<{ orderId: string; updatedAt: string; expiresAt: string | null }>(
        'inventory',
        `select order_id as "orderId", updated_at as "updatedAt", expires_at as "expiresAt" from reservations
         where state = 'active' order by updated_at limit 500`,
      ),
    ]);
    const orders = await sources.databases.query<{ id: string; status: string }>(
      'orders',
      'select id, status from orders where id = any($1)',
      [active.map(({ orderId }) => orderId)],
    );
    const statuses = new Map(orders.map(({ id, status }) => [id, status]));
    return {
      total: counted?.n ?? 0,
      active: active.map((row) => ({ ...row, orderStatus: statuses.get(row.orderId) ?? null })),
      overdueBefore: overdueBefore(sources, deadlineMs),
    };
  },
  check: ({ total, active, overdueBefore: before }) => ({
    evidence: { reservations: total, 'active ones': active.length },
    violations: active.flatMap(({ orderId, orderStatus, updatedAt, expiresAt }) => {
      const problem = problemOf({ orderStatus, updatedAt, expiresAt }, before);
      return problem === null ? [] : [{ subject: orderId, orderId, problem }];
    }),
  }),
});

type Active = Omit<Reservations['active'][number], 'orderId'>;

function problemOf({ orderStatus, updatedAt, expiresAt }: Active, before: number): string | null {
  const orphan = orderStatus === null || terminal.has(orderStatus);
  if (orphan && Date.parse(updatedAt) < before) {
    const order = orderStatus === null ? 'does not exist' : `is ${orderStatus}`;
    return `Its reservation is active since ${updatedAt}, and the order ${order}.`;
  }
  if (expiresAt !== null && Date.parse(expiresAt) < before)
    return `Its reservation ran out at ${expiresAt} and is still active.`;
  return null;
}
