import { terminal } from '../evidence/dossier.ts';
import { fleetInvariant, overdueBefore } from './invariant.ts';

const deadlineMs = 30_000;
const limit = 500;

export type Promises = {
  overdueBefore: number;
  orders: number;
  unfinished: { orderId: string; status: string; updatedAt: string }[];
  /** Acknowledged by a client history or by a stored answer, and not found. */
  missing: { orderId: string; acknowledgedAt: string; by: string }[];
  /** Its cancellation was accepted, and it is sold. */
  uncancelled: { orderId: string; acceptedAt: string; by: string }[];
  acknowledged: number;
};

export const l01 = fleetInvariant<Promises>({
  id: 'L1',
  name: 'Acknowledged orders end',
  kind: 'liveness',
  statement:
    'Every order that a client was promised exists and becomes confirmed or cancelled, and cancelled if a cancellation was accepted; one whose answer was lost ends too, or does not exist.',
  deadlineMs,
  everyMs: 5_000,
  async load(sources) {
    const { databases, client, final } = sources;
    await client.refresh();
    const acknowledged = client.acknowledged();
    const [counted, unfinished, answered, known] = await Promise.all([
      databases.query<{ n: number }>('orders', 'select count(*)::int as n from orders'),
      databases.query<Promises['unfinished'][number]>(
        'orders',
        `select id as "orderId", status, updated_at as "updatedAt" from orders
         where status not in ('confirmed', 'cancelled') order by updated_at limit ${limit}`,
      ),
      databases.query<{ orderId: string; at: string }>(
        'orders',
        `select k.body::json ->> 'id' as "orderId", k.created_at as at from idempotency_keys k
         where k.status = 202 and ($1 or k.created_at > now() - interval '1 minute')
           and not exists (select from orders o where o.id = (k.body::json ->> 'id')::uuid) limit ${limit}`,
        [final],
      ),
      databases.query<{ id: string; status: string }>('orders', 'select id, status from orders where id = any($1)', [
        acknowledged.flatMap(({ orderId }) => orderId ?? []),
      ]),
    ]);
    const found = new Map(known.map(({ id, status }) => [id, status]));
    return {
      overdueBefore: overdueBefore(sources, deadlineMs),
      orders: counted[0]?.n ?? 0,
      unfinished,
      missing: [
        ...acknowledged.flatMap(({ orderId, at, run }) =>
          orderId === null || found.has(orderId) ? [] : [{ orderId, acknowledgedAt: at, by: `client of run ${run}` }],
        ),
        ...answered.map(({ orderId, at }) => ({
          orderId,
          acknowledgedAt: at,
          by: 'stored answer of an idempotency key',
        })),
      ],
      uncancelled: acknowledged.flatMap(({ op, orderId, at, run }) =>
        op === 'cancel' && orderId !== null && found.get(orderId) === 'confirmed'
          ? [{ orderId, acceptedAt: at, by: `client of run ${run}` }]
          : [],
      ),
      acknowledged: acknowledged.length,
    };
  },
  check: ({ overdueBefore: before, orders, unfinished, missing, uncancelled, acknowledged }) => ({
    evidence: { orders, 'client acknowledgements': acknowledged },
    violations: [
      ...missing
        .filter(({ acknowledgedAt }) => Date.parse(acknowledgedAt) < before)
        .map(({ orderId, by, acknowledgedAt }) => ({
          subject: orderId,
          orderId,
          problem: `It was acknowledged at ${acknowledgedAt} (${by}), and there is no such order.`,
        })),
      ...uncancelled.map(({ orderId, acceptedAt, by }) => ({
        subject: orderId,
        orderId,
        problem: `Its cancellation was accepted at ${acceptedAt} (${by}), and it is confirmed.`,
      })),
      ...unfinished
        .filter(({ status, updatedAt }) => !terminal.has(status) && Date.parse(updatedAt) < before)
        .map(({ orderId, status, updatedAt }) => ({
          subject: orderId,
          orderId,
          problem: `It is ${status} since ${updatedAt}.`,
        })),
    ],
  }),
});
