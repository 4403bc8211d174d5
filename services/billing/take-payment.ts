import type { EventMetadata } from '#contracts/events/envelope.ts';
import type { EventOf } from '#contracts/events/registry.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import type { Charge } from '#contracts/http/payments.ts';
import type { Failpoints } from '#kit/control/failpoints.ts';
import type { Patterns } from '#kit/control/patterns.ts';
import { type MessageContext, type PreparedHandler, prepared } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Database, Tx } from '#kit/postgres/database.ts';
import { chargeKey, openPayment, type Settlement, settle } from './payment.ts';
import type { PaymentProvider } from './provider.ts';
import { scheduleRefund } from './refunds/store.ts';
import { appendToLedger, ensurePayment, findPayment, savePayment } from './store.ts';

export type TakePaymentDeps = {
  database: Database;
  provider: PaymentProvider;
  producer: string;
  now: () => Date;
  newId: () => string;
  failpoints: Failpoints;
  patterns: Pick<Patterns, 'isOn'>;
};

/**
 * Takes the money of an order whose stock is reserved. Three steps, so that no transaction is open while we wait for
 * the provider:
 *
 * 1. the payment is stored as `pending`: the intent is on record before any money moves;
 * 2. the provider is asked, under a key made of the order id;
 * 3. the answer, its ledger entries, the inbox row and the event are stored in one transaction.
 *
 * A crash anywhere brings the message back. After step 2 the provider answers the same key with the charge that it
 * made before, so an order is charged once. A provider that is down makes the message wait, for as long as it takes.
 */
export function takePayment<N extends ChargeTrigger>(deps: TakePaymentDeps, style: SagaStyle): PreparedHandler<N> {
  return prepared<N, Charge | null>({
    prepare: (event, context) => chargeProvider(deps, event, context),
    apply: (tx, event, charge, context) => recordCharge(deps, tx, { event, charge, style }, context),
  });
}

/** What makes billing charge: an event in a choreography, a command in an orchestration. They carry the same data. */
type ChargeTrigger = 'inventory.reserved' | 'billing.charge';

/**
 * Null when the payment is settled: voided before it was made, or this message was handled and the inbox has forgotten
 * it since. A payment that is to be undone meanwhile is charged all the same and then refunded: an earlier try of ours
 * may still be on its way at the provider, and only the answer to the same key says what became of it.
 */
async function chargeProvider(
  { database, provider, newId, now, failpoints, patterns }: TakePaymentDeps,
  { data, metadata }: EventOf<ChargeTrigger>,
  { signal, log, attempt }: MessageContext,
): Promise<Charge | null> {
  const payment = await ensurePayment(database, openPayment({ ...data, sagaId: metadata.sagaId }, newId()), now());
  if (payment.status !== 'pending') return null;
  if (attempt > 1) log.info({ orderId: payment.orderId, paymentId: payment.id, attempt }, 'charge tried again');
  const request = { amount: payment.amount, payment: { token: payment.token }, reference: payment.orderId };
  // Off for teaching: each try is a charge of its own to the provider.
  const key = patterns.isOn('idempotency-key') ? chargeKey(payment.orderId) : chargeKey(newId());
  const charge = await provider.charge(request, key, signal);
  await failpoints.reach('billing.after_charge', { orderId: payment.orderId });
  return charge;
}

async function recordCharge(
  deps: TakePaymentDeps,
  tx: Tx,
  { event, charge, style }: { event: EventOf<ChargeTrigger>; charge: Charge | null; style: SagaStyle },
  { log }: MessageContext,
): Promise<void> {
  if (charge === null) return;
  const settlement = settle(await findPayment(tx, event.data.orderId, 'for update'), charge, deps.newId());
  if (settlement === null) return;
  savePayment(tx, settlement.payment, deps.now());
  if (settlement.ledger !== null) appendToLedger(tx, settlement.ledger, deps.now());
  if (settlement.event === 'payment.succeeded' && settlement.payment.undoReason !== null) {
    scheduleRefund(tx, { paymentId: settlement.payment.id, cause: event.metadata, now: deps.now() });
  }
  await announce(deps.producer, tx, { cause: event.metadata, settlement, charge, style });
  const { orderId, id, amount, declineCode } = settlement.payment;
  const fields = { orderId, paymentId: id, chargeId: charge.id, amountMinor: amount.amountMinor, declineCode };
  tx.onCommit(() => log.info(fields, settlement.event === 'payment.succeeded' ? 'payment taken' : 'payment declined'));
}

type Announcement = { cause: EventMetadata; settlement: Settlement; charge: Charge; style: SagaStyle };

async function announce(producer: string, tx: Tx, { cause, settlement, charge, style }: Announcement): Promise<void> {
  const { event, payment } = settlement;
  const { orderId, id: paymentId, amount, version } = payment;
  const about = {
    producer,
    orderId,
    aggregateType: 'payment',
    aggregateVersion: version,
    cause,
  };
  if (event === 'payment.succeeded') {
    await enqueue(tx, { ...about, event, data: { orderId, paymentId, chargeId: charge.id, amount } });
  } else {
    const declineCode = payment.declineCode ?? 'card_declined';
    await enqueue(tx, { ...about, event, data: { orderId, paymentId, declineCode, amount, sagaStyle: style } });
  }
}
