import { AppError } from '#contracts/errors.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import type { Saga, StepState } from './saga.ts';

/** The saga of an order, null when it has none. Whoever changes it holds the order's row lock. */
export async function findSaga(db: Queryable, orderId: string): Promise<Saga | null> {
  const { rows } = await db.query<SagaRow>(
    `select s.*, (
       select json_agg(json_build_object('name', name, 'state', state, 'attempts', attempts,
         'startedAt', started_at, 'endedAt', ended_at, 'deadlineAt', deadline_at) order by position)
       from saga_step where order_id = s.order_id
     ) as steps
     from saga s where s.order_id = $1`,
    [orderId],
  );
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

/** The same, for an order that must have one. Throws `internal`. */
export async function sagaOf(db: Queryable, orderId: string): Promise<Saga> {
  const saga = await findSaga(db, orderId);
  if (saga === null) throw new AppError('internal', `order ${orderId} is orchestrated and has no saga`);
  return saga;
}

/** Stores a saga as it is now with these of its steps, together with the commit. */
export function saveSaga(tx: Tx, saga: Saga, changed: readonly StepState[] = saga.steps): void {
  const positions = new Map(saga.steps.map((step, index) => [step.name, index + 1]));
  tx.defer(
    `with saved as (
       insert into saga (order_id, phase, reason, detail, version, started_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (order_id) do update set phase = excluded.phase, reason = excluded.reason, detail = excluded.detail,
         version = excluded.version, updated_at = excluded.updated_at
     )
     insert into saga_step (order_id, position, name, state, attempts, started_at, ended_at, deadline_at)
     select $1::uuid, step.* from unnest($8::smallint[], $9::text[], $10::text[], $11::int[], $12::timestamptz[],
       $13::timestamptz[], $14::timestamptz[]) as step
     on conflict (order_id, name) do update set state = excluded.state, attempts = excluded.attempts,
       started_at = excluded.started_at, ended_at = excluded.ended_at, deadline_at = excluded.deadline_at`,
    [
      saga.orderId,
      saga.phase,
      saga.reason,
      saga.detail,
      saga.version,
      saga.startedAt,
      saga.updatedAt,
      changed.map((step) => positions.get(step.name)),
      changed.map((step) => step.name),
      changed.map((step) => step.state),
      changed.map((step) => step.attempts),
      changed.map((step) => step.startedAt),
      changed.map((step) => step.endedAt),
      changed.map((step) => step.deadlineAt),
    ],
  );
}

type SagaRow = {
  order_id: string;
  phase: Saga['phase'];
  reason: Saga['reason'];
  detail: string | null;
  version: number;
  started_at: string;
  updated_at: string;
  steps: StepState[];
};

function fromRow(row: SagaRow): Saga {
  // Postgres prints the instants inside JSON in its own way.
  const instant = (value: string | null) => (value === null ? null : new Date(value).toISOString());
  return {
    orderId: row.order_id,
    phase: row.phase,
    reason: row.reason,
    detail: row.detail,
    version: row.version,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    steps: row.steps.map((step) => ({
      ...step,
      startedAt: instant(step.startedAt),
      endedAt: instant(step.endedAt),
      deadlineAt: instant(step.deadlineAt),
    })),
  };
}
