import type { OpenSagaState, OrderView, SagaStats, SagaStepName, SagaStyleStats } from '#contracts/http/history.ts';
import { type CancelReason, SagaStyle } from '#contracts/http/orders.ts';
import type { Queryable } from '#kit/postgres/database.ts';

/** A saga takes a quarter of a second; one that is silent for this long waits for somebody. */
export const waitingAfterMs = 2_000;
/** Sagas that one look counts at most: about 20 000 events, some tens of milliseconds. */
const mostSagas = 2_000;

type StepRule = {
  step: SagaStepName;
  /** Condition on an event `t` that ends the step. */
  done: string;
  /** Condition on an event `t` with which a saga breaks off at it. */
  failed?: string;
  /** When what it waits for had happened: an expression over the ends of other steps. */
  since: string;
};

const is = (...events: string[]) => `t.event in (${events.map((event) => `'${event}'`).join(', ')})`;
const mail = (kind: string) => `${is('notification.sent')} and t.data ->> 'kind' = '${kind}'`;
const decided = (decision: string) => `${is('order.screened')} and t.data ->> 'decision' = '${decision}'`;

const rules: readonly StepRule[] = [
  { step: 'created', done: is('order.created'), since: 'null::timestamptz' },
  { step: 'screened', done: decided('accept'), failed: decided('reject'), since: 'created' },
  { step: 'reserved', done: is('inventory.reserved'), failed: is('inventory.rejected'), since: 'screened' },
  { step: 'paid', done: is('payment.succeeded'), failed: is('payment.failed'), since: 'reserved' },
  { step: 'confirmed', done: is('order.confirmed'), since: 'paid' },
  { step: 'committed', done: is('inventory.committed'), since: 'confirmed' },
  { step: 'invoiced', done: is('invoice.issued'), since: 'confirmed' },
  { step: 'notified', done: mail('order_confirmed'), since: 'confirmed' },
  { step: 'compensating', done: is('order.compensating'), since: 'paid_failed' },
  { step: 'released', done: is('inventory.released'), since: 'coalesce(paid_failed, compensating)' },
  { step: 'refunded', done: is('payment.refunded', 'payment.voided'), since: 'compensating' },
  {
    step: 'cancelled',
    done: is('order.cancelled'),
    // It waits for everything that is taken back.
    since: 'coalesce(greatest(released, refunded), compensating, reserved_failed, screened_failed)',
  },
  { step: 'apologised', done: mail('order_cancelled'), since: 'cancelled' },
];

const perSaga = rules.flatMap(({ step, done, failed }) => [
  `min(t.occurred_at) filter (where ${done}) as ${step}`,
  `min(t.occurred_at) filter (where ${failed ?? 'false'}) as ${step}_failed`,
]);

const milliseconds = (from: string, to: string) => `extract(epoch from ${to} - (${from})) * 1000`;
const quantiles = (ms: string) => `percentile_cont(array[0.5, 0.95, 1]) within group (order by ${ms})`;
const perStyle = rules.flatMap(({ step, since }) => [
  `count(${step}) as ${step}_reached`,
  `count(${step}_failed) as ${step}_broken`,
  `${quantiles(milliseconds(since, `coalesce(${step}, ${step}_failed)`))} as ${step}_ms`,
]);

/** State of an open saga, from columns of order_view. Only `$1` is a parameter: milliseconds of silence. */
const openState = `case
  when view ->> 'stuckSince' is not null then 'stuck'
  when status = 'compensating' then 'compensating'
  when (view ->> 'updatedAt')::timestamptz < now() - $1 * interval '1 millisecond' then 'waiting'
  else 'running' end`;
const isOpen = `status not in ('confirmed', 'cancelled')`;

type StyleRow = Record<string, unknown> & { style: SagaStyle; reasons: { reason: CancelReason; sagas: number }[] };

/** Sagas that began in the last `windowSeconds`, counted by style. One statement, so that its numbers fit together. */
export async function readSagaStats(db: Queryable, windowSeconds: number, nowMs: number): Promise<SagaStats> {
  const { rows } = await db.query<StyleRow>(
    `with recent as (
       select id, status, view, view ->> 'sagaStyle' as style,
         case when ${isOpen} then ${openState} else status end as state
       from order_view where id >= $2 order by id desc limit $3
     ),
     saga as (
       select r.style, r.state, r.view ->> 'cancelReason' as reason, count(*) as messages, ${perSaga.join(', ')}
       from recent r join timeline t on t.order_id = r.id
       group by r.id, r.style, r.state, reason
     ),
     why as (
       select style, json_agg(json_build_object('reason', reason, 'sagas', sagas) order by sagas desc, reason) as reasons
       from (select style, reason, count(*) as sagas from saga where state = 'cancelled' group by style, reason) as one
       group by style
     )
     select saga.style, count(*) as sagas, sum(messages)::int as messages,
       ${['running', 'waiting', 'compensating', 'stuck', 'confirmed', 'cancelled']
         .map((state) => `count(*) filter (where state = '${state}') as ${state}`)
         .join(', ')},
       ${quantiles(milliseconds('created', 'confirmed'))} as whole_ms,
       coalesce((select reasons from why where why.style = saga.style), '[]') as reasons,
       ${perStyle.map((column) => column.replace(' as ', ' as step_')).join(', ')}
     from saga group by saga.style`,
    [waitingAfterMs, firstIdOf(nowMs - windowSeconds * 1000), mostSagas],
  );
  const counted = rows.reduce((sum, row) => sum + numberOf(row.sagas), 0);
  return {
    windowSeconds,
    waitingAfterMs,
    capped: counted >= mostSagas,
    styles: SagaStyle.options.map((style) => toStats(style, rows.find((row) => row.style === style) ?? null)),
  };
}

function toStats(style: SagaStyle, row: StyleRow | null): SagaStyleStats {
  const count = (name: string) => numberOf(row?.[name]);
  const [p50Ms = null, p95Ms = null] = times(row?.whole_ms);
  return {
    style,
    sagas: count('sagas'),
    running: count('running'),
    waiting: count('waiting'),
    compensating: count('compensating'),
    stuck: count('stuck'),
    confirmed: count('confirmed'),
    cancelled: count('cancelled'),
    messages: count('messages'),
    p50Ms,
    p95Ms,
    steps: rules.map(({ step }) => {
      const [p50Ms = null, p95Ms = null, maxMs = null] = times(row?.[`step_${step}_ms`]);
      return {
        step,
        reached: count(`step_${step}_reached`),
        failed: count(`step_${step}_broken`),
        p50Ms,
        p95Ms,
        maxMs,
      };
    }),
    reasons: row?.reasons ?? [],
  };
}

/** Clocks of two processes may contradict the order of cause and effect by a millisecond: nothing took less than none. */
function times(quantiles: unknown): (number | null)[] {
  return ((quantiles ?? []) as (number | null)[]).map((ms) => (ms === null ? null : Math.max(0, ms)));
}

function numberOf(value: unknown): number {
  return Number(value ?? 0);
}

/** The smallest UUIDv7 of a millisecond (RFC 9562 §5.7): ids of orders sort by time. */
function firstIdOf(atMs: number): string {
  const hex = Math.max(0, Math.floor(atMs)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export type OpenSagaFilter = { state?: OpenSagaState; style?: SagaStyle; limit: number };

/** Orders whose saga has not ended, longest silence first. Returns one more than `limit` when there are more. */
export async function readOpenSagas(
  db: Queryable,
  { state, style, limit }: OpenSagaFilter,
): Promise<{ state: OpenSagaState; order: OrderView }[]> {
  const { rows } = await db.query<{ state: OpenSagaState; view: OrderView }>(
    `select state, view from (select id, view, ${openState} as state from order_view where ${isOpen}) as open
     where ($2::text is null or state = $2) and ($3::text is null or view ->> 'sagaStyle' = $3)
     order by (view ->> 'updatedAt')::timestamptz, id limit $4`,
    [waitingAfterMs, state ?? null, style ?? null, limit + 1],
  );
  return rows.map(({ state, view }) => ({ state, order: view }));
}
