import { AppError } from '#contracts/errors.ts';
import type { Quote } from '#contracts/grpc/quote.ts';
import type { CancelReason, Order, OrderStatus, PaymentMethod } from '#contracts/http/orders.ts';
import type { Currency } from '#contracts/money.ts';
import type { Queryable, Tx } from '#kit/postgres/database.ts';
import { traceHeaders } from '#kit/telemetry/spans.ts';
import type { OrderState } from './order.ts';

/** One change of status, as the `order_transitions` ledger keeps it. `messageId` is what brought the fact. */
export type Transition = { from: OrderStatus | null; to: OrderStatus; at: string; messageId: string | null };

/**
 * Stores a new order, its lines at the prices of the quote, its payment deadline and its first transition: one
 * statement, one round trip.
 */
export async function insertOrder(tx: Queryable, order: OrderState, quote: Quote): Promise<void> {
  const { lines } = quote;
  await tx.query(
    `with new_order as (
       insert into orders (id, customer_id, status, version, saga_id, saga_style, total_minor, currency,
         quote_id, quote_signature, quote_expires_at, payment_token, created_at, updated_at, payment_due_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $20)
       returning id
     ), payment_timer as (
       insert into saga_timer (order_id, name, attempt, fires_at, trace)
       select id, 'payment', 1, $20, $21::jsonb from new_order
     ), new_lines as (
       insert into order_lines (order_id, line_no, sku, name, qty, unit_minor, line_minor, price_version)
       select new_order.id, line.line_no, line.sku, line.name, line.qty, line.unit_minor, line.line_minor, line.price_version
       from new_order, unnest($14::text[], $15::text[], $16::int[], $17::bigint[], $18::bigint[], $19::int[])
         with ordinality as line (sku, name, qty, unit_minor, line_minor, price_version, line_no)
     )
     insert into order_transitions (order_id, seq, from_status, to_status, message_id, at)
     select id, 1, null, $3, null, $13 from new_order`,
    [
      order.id,
      order.customerId,
      order.status,
      order.version,
      order.sagaId,
      order.sagaStyle,
      order.total.amountMinor,
      order.total.currency,
      order.quoteId,
      order.quoteSignature,
      quote.expiresAt,
      order.payment.token,
      order.createdAt,
      lines.map((line) => line.sku),
      lines.map((line) => line.name),
      lines.map((line) => line.qty),
      lines.map((line) => line.unitMinor),
      lines.map((line) => line.lineMinor),
      lines.map((line) => line.priceVersion),
      order.paymentDueAt,
      JSON.stringify(traceHeaders()),
    ],
  );
}

const selectOrder = `
  select o.*, (
    select json_agg(json_build_object('sku', l.sku, 'qty', l.qty, 'name', l.name,
      'unitPrice', json_build_object('amountMinor', l.unit_minor, 'currency', o.currency),
      'lineTotal', json_build_object('amountMinor', l.line_minor, 'currency', o.currency)) order by l.line_no)
    from order_lines l where l.order_id = o.id
  ) as lines
  from orders o where o.id = $1`;

/** The order, or null. */
export async function findOrder(db: Queryable, id: string): Promise<OrderState | null> {
  const { rows } = await db.query<OrderRow>(selectOrder, [id]);
  return rows[0] === undefined ? null : fromRow(rows[0]);
}

/** The order under its row lock, until the transaction ends. Throws `not_found`. */
export async function lockOrder(tx: Queryable, id: string): Promise<OrderState> {
  const { rows } = await tx.query<OrderRow>(`${selectOrder} for update of o`, [id]);
  if (rows[0] === undefined) throw new AppError('not_found', `order ${id} is unknown here`);
  return fromRow(rows[0]);
}

/** Stores what changed in an order that is locked, and the transitions it went through, together with the commit. */
export function updateOrder(tx: Tx, order: OrderState, transitions: readonly Transition[]): void {
  tx.defer(
    `with changed as (
       update orders set status = $2, version = $3, reservation_id = $4, released = $5, charge_id = $6,
         cancel_reason = $7, updated_at = $8, payment_settled = $13, stuck_since = $14
       where id = $1
     )
     insert into order_transitions (order_id, seq, from_status, to_status, message_id, at)
     select $1, (select count(*) from order_transitions where order_id = $1) + step.n,
       step.from_status, step.to_status, step.message_id, step.at
     from unnest($9::text[], $10::text[], $11::uuid[], $12::timestamptz[])
       with ordinality as step (from_status, to_status, message_id, at, n)`,
    [
      order.id,
      order.status,
      order.version,
      order.reservationId,
      order.released,
      order.chargeId,
      order.cancelReason,
      order.updatedAt,
      transitions.map((step) => step.from),
      transitions.map((step) => step.to),
      transitions.map((step) => step.messageId),
      transitions.map((step) => step.at),
      order.paymentSettled,
      order.stuckSince,
    ],
  );
}

/** The order as it is shown to its customer. */
export function toOrder(order: OrderState): Order {
  const { released: _released, paymentSettled: _settled, reservationId: _reservation, ...rest } = order;
  const { chargeId: _charge, quoteSignature: _signature, ...shown } = rest;
  return shown;
}

type OrderRow = {
  id: string;
  customer_id: string;
  status: OrderStatus;
  version: number;
  saga_id: string;
  saga_style: OrderState['sagaStyle'];
  total_minor: number;
  currency: Currency;
  quote_id: string;
  quote_signature: string;
  payment_token: PaymentMethod['token'];
  reservation_id: string | null;
  released: boolean;
  charge_id: string | null;
  cancel_reason: CancelReason | null;
  payment_due_at: string;
  payment_settled: boolean;
  stuck_since: string | null;
  created_at: string;
  updated_at: string;
  lines: OrderState['lines'];
};

function fromRow(row: OrderRow): OrderState {
  return {
    id: row.id,
    customerId: row.customer_id,
    status: row.status,
    version: row.version,
    sagaId: row.saga_id,
    sagaStyle: row.saga_style,
    lines: row.lines,
    total: { amountMinor: row.total_minor, currency: row.currency },
    quoteId: row.quote_id,
    quoteSignature: row.quote_signature,
    payment: { token: row.payment_token },
    reservationId: row.reservation_id,
    released: row.released,
    chargeId: row.charge_id,
    cancelReason: row.cancel_reason,
    paymentDueAt: row.payment_due_at,
    paymentSettled: row.payment_settled,
    stuckSince: row.stuck_since,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
