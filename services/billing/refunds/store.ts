import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import { type TraceHeaders, traceHeaders } from '#kit/telemetry/spans.ts';

/** Hint topic of `tx.wakeOnCommit` for the refund loop. */
export const refundHint = 'refunds';

export type DueRefund = {
  paymentId: string;
  orderId: string;
  /** This try, from 1. */
  attempt: number;
  cause: EventMetadata;
  trace: TraceHeaders;
};

/** Makes a refund due, together with the commit. */
export function scheduleRefund(
  tx: Tx,
  { paymentId, cause, now }: { paymentId: string; cause: EventMetadata; now: Date },
): void {
  tx.defer(
    `insert into refund (payment_id, next_attempt_at, cause, trace, created_at) values ($1, $2, $3, $4, $2)
     on conflict (payment_id) do nothing`,
    [paymentId, now, JSON.stringify(cause), JSON.stringify(traceHeaders())],
  );
  tx.wakeOnCommit(refundHint);
}

/** Takes the refund that has been due longest, for `leaseMs`; null when none is. A lease that ran out was a dead process's. */
export async function leaseRefund(db: Queryable, now: Date, leaseMs: number): Promise<DueRefund | null> {
  const { rows } = await db.query<{
    payment_id: string;
    order_id: string;
    attempts: number;
    cause: EventMetadata;
    trace: TraceHeaders;
  }>(
    `update refund set attempts = attempts + 1, next_attempt_at = $2
       from payment where payment.id = refund.payment_id and payment_id = (
         select payment_id from refund where done_at is null and next_attempt_at <= $1
          order by next_attempt_at for update skip locked limit 1)
     returning payment_id, payment.order_id, attempts, cause, trace`,
    [now, new Date(now.getTime() + leaseMs)],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const { payment_id: paymentId, order_id: orderId, attempts: attempt, cause, trace } = row;
  return { paymentId, orderId, attempt, cause, trace };
}

/** Gives a refund back to be tried again at `nextAttemptAt`. */
export async function postponeRefund(
  db: Queryable,
  paymentId: string,
  nextAttemptAt: Date,
  why: string,
): Promise<void> {
  await db.query('update refund set next_attempt_at = $2, last_error = $3 where payment_id = $1 and done_at is null', [
    paymentId,
    nextAttemptAt,
    why,
  ]);
}

/** Marks a refund as made, together with the commit. */
export function finishRefund(tx: Tx, paymentId: string, refundId: string, now: Date): void {
  tx.defer(
    `update refund set refund_id = $2, done_at = $3, next_attempt_at = null, last_error = null
      where payment_id = $1 and done_at is null`,
    [paymentId, refundId, now],
  );
}
