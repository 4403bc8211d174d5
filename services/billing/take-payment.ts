import type { EventOf } from '#contracts/events/registry.ts';
import type { Charge } from '#contracts/http/payments.ts';
import { type MessageContext, type PreparedHandler, prepared } from '#kit/kafka/handlers.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import type { Database, Tx } from '#kit/postgres/database.ts';
import { chargeKey, openPayment, type Settlement, settle } from './payment.ts';
import type { PaymentProvider } from './provider.ts';
import { appendToLedger, ensurePayment, lockPayment, savePayment } from './store.ts';

export type TakePaymentDeps = {
  database: Database;
  provider: PaymentProvider;
  producer: string;
  now: () => Date;
  newId: () => string;
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
export function takePayment(deps: TakePaymentDeps): PreparedHandler<'inventory.reserved'> {
  return prepared<'inventory.reserved', Charge | null>({
    prepare: (event, context) => chargeProvider(deps, event, context),
    apply: (tx, event, charge, context) => recordCharge(deps, tx, event, charge, context),
  });
}

/** Null when the payment is settled: this message was handled, and the inbox has forgotten it since. */
async function chargeProvider(
  { database, provider, newId, now }: TakePaymentDeps,
  event: EventOf<'inventory.reserved'>,
  { signal, log, attempt }: MessageContext,
): Promise<Charge | null> {
  const payment = await ensurePayment(database, openPayment(event, newId()), now());
  if (payment.status !== 'pending') return null;
  if (attempt > 1) log.info({ orderId: payment.orderId, paymentId: payment.id, attempt }, 'charge tried again');
  const request = { amount: payment.amount, payment: { token: payment.token }, reference: payment.orderId };
  return provider.charge(request, chargeKey(payment.orderId), signal);
}

async function recordCharge(
  deps: TakePaymentDeps,
  tx: Tx,
  event: EventOf<'inventory.reserved'>,
  charge: Charge | null,
  { log }: MessageContext,
): Promise<void> {
  if (charge === null) return;
  const settlement = settle(await lockPayment(tx, event.data.orderId), charge, deps.newId());
  if (settlement === null) return;
  savePayment(tx, settlement.payment, deps.now());
  if (settlement.ledger !== null) appendToLedger(tx, settlement.ledger, deps.now());
  await announce(deps.producer, tx, event, settlement, charge);
  const { orderId, id, amount, declineCode } = settlement.payment;
  const fields = { orderId, paymentId: id, chargeId: charge.id, amountMinor: amount.amountMinor, declineCode };
  tx.onCommit(() => log.info(fields, settlement.event === 'payment.succeeded' ? 'payment taken' : 'payment declined'));
}

async function announce(
  producer: string,
  tx: Tx,
  cause: EventOf<'inventory.reserved'>,
  { event, payment }: Settlement,
  charge: Charge,
): Promise<void> {
  const { orderId, id: paymentId, amount, version } = payment;
  const about = {
    producer,
    orderId,
    aggregateType: 'payment',
    aggregateVersion: version,
    cause: cause.metadata,
  };
  if (event === 'payment.succeeded') {
    await enqueue(tx, { ...about, event, data: { orderId, paymentId, chargeId: charge.id, amount } });
  } else {
    const declineCode = payment.declineCode ?? 'card_declined';
    await enqueue(tx, { ...about, event, data: { orderId, paymentId, declineCode, amount } });
  }
}
