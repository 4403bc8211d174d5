import { AppError } from '#contracts/errors.ts';
import type { Charge, Refund } from '#contracts/http/payments.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import type { LedgerMovement } from './charge.ts';

type ChargeRow = {
  id: string;
  reference: string;
  status: Charge['status'];
  decline_code: Charge['declineCode'];
  amount_minor: number;
  currency: Charge['amount']['currency'];
  created_at: string;
  refunded_minor: number;
};

const selectCharge = `
  select charge.*, coalesce((select sum(amount_minor) from refund where charge_id = charge.id), 0)::bigint as refunded_minor
    from charge`;

export async function listCharges(database: Queryable, reference: string | null, limit: number): Promise<Charge[]> {
  const { rows } =
    reference === null
      ? await database.query<ChargeRow>(`${selectCharge} order by created_at desc, id desc limit $1`, [limit])
      : await database.query<ChargeRow>(
          `${selectCharge} where reference = $1 order by created_at desc, id desc limit $2`,
          [reference, limit],
        );
  return rows.map(toCharge);
}

/** Reads a charge and holds off other refunds of it until the end of the transaction. Throws `not_found`. */
export async function lockCharge(tx: Tx, id: string): Promise<Charge> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [id]);
  const { rows } = await tx.query<ChargeRow>(`${selectCharge} where id = $1`, [id]);
  if (rows[0] === undefined) throw new AppError('not_found', `there is no charge ${id}`);
  return toCharge(rows[0]);
}

/** Writes a decided charge and, when money moved, its movement, together with the commit. */
export function insertCharge(tx: Tx, charge: Charge, movement: LedgerMovement | null): void {
  tx.defer(
    `insert into charge (id, reference, status, decline_code, amount_minor, currency, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      charge.id,
      charge.reference,
      charge.status,
      charge.declineCode,
      charge.amount.amountMinor,
      charge.amount.currency,
      charge.createdAt,
    ],
  );
  if (movement !== null) insertMovement(tx, movement, charge.createdAt);
}

/** Writes a refund and its movement, together with the commit. */
export function insertRefund(tx: Tx, refund: Refund, movement: LedgerMovement): void {
  tx.defer('insert into refund (id, charge_id, amount_minor, currency, created_at) values ($1, $2, $3, $4, $5)', [
    refund.id,
    refund.chargeId,
    refund.amount.amountMinor,
    refund.amount.currency,
    refund.createdAt,
  ]);
  insertMovement(tx, movement, refund.createdAt);
}

function insertMovement(tx: Tx, movement: LedgerMovement, recordedAt: string): void {
  tx.defer(
    `insert into ledger_movement (kind, charge_id, refund_id, debit, credit, amount_minor, currency, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      movement.kind,
      movement.chargeId,
      movement.refundId,
      movement.debit,
      movement.credit,
      movement.amountMinor,
      movement.currency,
      recordedAt,
    ],
  );
}

/** Counts an attempt with a flaky card's key and returns how many there have been, this one included. */
export async function countAttempt(database: Queryable, key: string): Promise<number> {
  const { rows } = await database.query<{ attempts: number }>(
    `insert into flaky_attempt (key, attempts) values ($1, 1)
     on conflict (key) do update set attempts = flaky_attempt.attempts + 1 returning attempts`,
    [key],
  );
  return rows[0]?.attempts ?? 1;
}

function toCharge(row: ChargeRow): Charge {
  return {
    id: row.id,
    status: row.status,
    declineCode: row.decline_code,
    amount: { amountMinor: row.amount_minor, currency: row.currency },
    refunded: { amountMinor: row.refunded_minor, currency: row.currency },
    reference: row.reference,
    createdAt: row.created_at,
  };
}
