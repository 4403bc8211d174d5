import { AppError } from '#contracts/errors.ts';
import type { PaymentStatus } from '#contracts/http/billing.ts';
import type { CancelReason, PaymentMethod } from '#contracts/http/orders.ts';
import type { Charge, DeclineCode } from '#contracts/http/payments.ts';
import type { Money } from '#contracts/money.ts';
import { chargeEntries, type LedgerTransaction } from './ledger.ts';

/** The payment of one order. `version` counts the events published about it. */
export type PaymentState = {
  id: string;
  orderId: string;
  sagaId: string;
  customerId: string;
  status: PaymentStatus;
  amount: Money;
  token: PaymentMethod['token'];
  chargeId: string | null;
  declineCode: DeclineCode | null;
  /** Why it is to be undone; null while nobody wants that. */
  undoReason: CancelReason | null;
  version: number;
};

export type Settlement = {
  payment: PaymentState;
  ledger: LedgerTransaction | null;
  event: 'payment.succeeded' | 'payment.failed';
};

/** Key under which the provider knows the charge of an order: the same after every redelivery and restart. */
export function chargeKey(orderId: string): string {
  return `orrery-charge-${orderId}`;
}

/** What a payment is made of: the order's data and the saga it belongs to. */
export type PaymentRequest = {
  orderId: string;
  sagaId: string;
  customerId: string;
  total: Money;
  payment: PaymentMethod;
};

/** The payment an order with reserved stock begins with. */
export function openPayment(
  { orderId, sagaId, customerId, total, payment }: PaymentRequest,
  paymentId: string,
): PaymentState {
  return {
    id: paymentId,
    orderId,
    sagaId,
    customerId,
    status: 'pending',
    amount: total,
    token: payment.token,
    chargeId: null,
    declineCode: null,
    undoReason: null,
    version: 0,
  };
}

/**
 * Applies the provider's answer. Null when the payment is settled already: the answer was recorded by an earlier
 * delivery. Throws `internal` when the charge is not the one that was asked for.
 */
export function settle(payment: PaymentState, charge: Charge, ledgerTransactionId: string): Settlement | null {
  if (charge.reference !== payment.orderId || !sameMoney(charge.amount, payment.amount)) {
    throw new AppError('internal', `charge ${charge.id} does not belong to payment ${payment.id}`);
  }
  if (payment.status !== 'pending') return null;
  const settled = { ...payment, version: payment.version + 1 };
  if (charge.status === 'succeeded') {
    return {
      payment: { ...settled, status: 'succeeded', chargeId: charge.id },
      ledger: {
        id: ledgerTransactionId,
        paymentId: payment.id,
        kind: 'charge',
        providerReference: charge.id,
        entries: chargeEntries(charge.amount),
      },
      event: 'payment.succeeded',
    };
  }
  return {
    payment: { ...settled, status: 'failed', declineCode: charge.declineCode ?? 'card_declined' },
    ledger: null,
    event: 'payment.failed',
  };
}

function sameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}
