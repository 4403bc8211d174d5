import type { CancelReason } from '#contracts/http/orders.ts';
import type { LedgerTransaction } from './ledger.ts';
import { refundEntries } from './ledger.ts';
import type { PaymentState } from './payment.ts';

/**
 * What undoing a payment means where it is now. `void`: nothing was charged, and this row forbids it for ever.
 * `await`: a charge is under way and its outcome unknown; when it turns out to have been made, the refund follows.
 * `refund`: the money was taken. `nothing`: it is undone, or was never taken.
 */
export type Undoing = 'void' | 'await' | 'refund' | 'nothing';

/** `payment` is null when billing has never heard of the order (undo before charge). */
export function decideUndo(payment: PaymentState | null): Undoing {
  if (payment === null) return 'void';
  if (payment.undoReason !== null) return 'nothing';
  switch (payment.status) {
    case 'pending':
      return 'await';
    case 'succeeded':
      return 'refund';
    case 'failed':
    case 'voided':
    case 'refunded':
      return 'nothing';
  }
}

/** The tombstone of a payment that must never be made: its row is what a late charge finds. */
export function voidedPayment(payment: PaymentState, reason: CancelReason): PaymentState {
  return { ...payment, status: 'voided', undoReason: reason, version: 1 };
}

/** The payment and its booking once the provider has refunded it; null when that is on record already. */
export function refunded(
  payment: PaymentState,
  refundId: string,
  ledgerTransactionId: string,
): { payment: PaymentState; ledger: LedgerTransaction } | null {
  if (payment.status !== 'succeeded') return null;
  return {
    payment: { ...payment, status: 'refunded', version: payment.version + 1 },
    ledger: {
      id: ledgerTransactionId,
      paymentId: payment.id,
      kind: 'refund',
      providerReference: refundId,
      entries: refundEntries(payment.amount),
    },
  };
}

/** Key under which the provider knows the refund of an order: the same after every retry and restart. */
export function refundKey(orderId: string): string {
  return `orrery-refund-${orderId}`;
}

/** Tries after which somebody should look at a refund; it is tried for ever all the same. */
export const stuckAfterAttempts = 6;

/** Pause before the next try, milliseconds: full jitter over 1 s doubling up to 60 s. `attempt` counts from 1. */
export function refundBackoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 60_000);
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
