import { AppError } from '#contracts/errors.ts';
import type { LedgerEntry, Payment } from '#contracts/http/billing.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import type { LedgerTransaction } from './ledger.ts';
import type { PaymentState } from './payment.ts';

type PaymentRow = {
  id: string;
  order_id: string;
  saga_id: string;
  customer_id: string;
  status: PaymentState['status'];
  amount_minor: number;
  currency: PaymentState['amount']['currency'];
  token: PaymentState['token'];
  charge_id: string | null;
  decline_code: PaymentState['declineCode'];
  undo_reason: PaymentState['undoReason'];
  version: number;
  created_at: string;
  updated_at: string;
};

/** Stores a new payment unless the order has one, and returns the one that stands. */
export async function ensurePayment(database: Queryable, payment: PaymentState, now: Date): Promise<PaymentState> {
  const inserted = await database.query(
    `insert into payment (id, order_id, saga_id, customer_id, status, amount_minor, currency, token, version, created_at, updated_at, undo_reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11) on conflict (order_id) do nothing`,
    [
      payment.id,
      payment.orderId,
      payment.sagaId,
      payment.customerId,
      payment.status,
      payment.amount.amountMinor,
      payment.amount.currency,
      payment.token,
      payment.version,
      now,
      payment.undoReason,
    ],
  );
  if (inserted.rowCount === 1) return payment;
  return findPayment(database, payment.orderId, '');
}

/** The payment of an order; with `for update` it holds off other writers until the end of the transaction. Throws `internal`. */
export async function findPayment(
  database: Queryable,
  orderId: string,
  locking: '' | 'for update',
): Promise<PaymentState> {
  const { rows } = await database.query<PaymentRow>(`select * from payment where order_id = $1 ${locking}`, [orderId]);
  if (rows[0] === undefined) throw new AppError('internal', `order ${orderId} has no payment`);
  return toState(rows[0]);
}

/** Stores what has become of a payment, together with the commit. */
export function savePayment(tx: Tx, payment: PaymentState, now: Date): void {
  tx.defer(
    'update payment set status = $2, charge_id = $3, decline_code = $4, version = $5, updated_at = $6, undo_reason = $7 where id = $1',
    [payment.id, payment.status, payment.chargeId, payment.declineCode, payment.version, now, payment.undoReason],
  );
}

/**
 * Books a movement of money, together with the commit. The database refuses one that does not sum to 0, or that is
 * booked already; the transaction fails then.
 */
export function appendToLedger(tx: Tx, transaction: LedgerTransaction, now: Date): void {
  tx.defer(
    `with booked as (
       insert into ledger_transaction (id, payment_id, kind, provider_reference, recorded_at)
       values ($1, $2, $3, $4, $5) returning id
     )
     insert into ledger_entry (transaction_id, account, amount_minor, currency)
     select booked.id, entry.* from booked, unnest($6::text[], $7::bigint[], $8::text[]) as entry`,
    [
      transaction.id,
      transaction.paymentId,
      transaction.kind,
      transaction.providerReference,
      now,
      transaction.entries.map((entry) => entry.account),
      transaction.entries.map((entry) => entry.amountMinor),
      transaction.entries.map((entry) => entry.currency),
    ],
  );
}

/** Payments with their ledger entries, newest first. */
export async function listPayments(database: Queryable, orderId: string | null, limit: number): Promise<Payment[]> {
  const { rows } = await database.query<PaymentRow & RefundColumns>(
    `select payment.*, refund.attempts as refund_attempts, refund.refund_id, refund.next_attempt_at, refund.last_error
       from payment left join refund on refund.payment_id = payment.id
      where $1::uuid is null or order_id = $1 order by payment.created_at desc, payment.id desc limit $2`,
    [orderId, limit],
  );
  const ledger = await database.query<{
    payment_id: string;
    transaction_id: string;
    account: LedgerEntry['account'];
    amount_minor: number;
    currency: LedgerEntry['currency'];
    kind: LedgerEntry['kind'];
    provider_reference: string;
    recorded_at: string;
  }>(
    `select payment_id, transaction_id, account, amount_minor, currency, kind, provider_reference, recorded_at
       from ledger_entry join ledger_transaction on ledger_transaction.id = transaction_id
      where payment_id = any($1) order by seq`,
    [rows.map((row) => row.id)],
  );
  return rows.map((row) => ({
    ...toPayment(row),
    ledger: ledger.rows
      .filter((entry) => entry.payment_id === row.id)
      .map((entry) => ({
        transactionId: entry.transaction_id,
        account: entry.account,
        amountMinor: entry.amount_minor,
        currency: entry.currency,
        kind: entry.kind,
        providerReference: entry.provider_reference,
        recordedAt: entry.recorded_at,
      })),
  }));
}

function toPayment(row: PaymentRow & RefundColumns): Omit<Payment, 'ledger'> {
  const { id, orderId, customerId, status, amount, chargeId, declineCode, undoReason } = toState(row);
  return {
    id,
    orderId,
    customerId,
    status,
    amount,
    chargeId,
    declineCode,
    undoReason,
    refund: refundOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

type RefundColumns = {
  refund_attempts: number | null;
  refund_id: string | null;
  next_attempt_at: string | null;
  last_error: string | null;
};

function refundOf(row: RefundColumns): Payment['refund'] {
  if (row.refund_attempts === null) return null;
  const { refund_id: refundId, refund_attempts: attempts, next_attempt_at: nextAttemptAt, last_error: lastError } = row;
  return { refundId, attempts, nextAttemptAt, lastError };
}

function toState(row: PaymentRow): PaymentState {
  return {
    id: row.id,
    orderId: row.order_id,
    sagaId: row.saga_id,
    customerId: row.customer_id,
    status: row.status,
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    token: row.token,
    chargeId: row.charge_id,
    declineCode: row.decline_code,
    undoReason: row.undo_reason,
    version: row.version,
  };
}
