import { AppError } from '#contracts/errors.ts';
import type { Charge, ChargeCreate, Refund } from '#contracts/http/payments.ts';
import type { Money } from '#contracts/money.ts';
import { cardBehaviour } from './card-behaviour.ts';

/** One movement of the provider's ledger: `amountMinor` leaves `debit` and arrives at `credit`. */
export type LedgerMovement = {
  kind: 'capture' | 'refund';
  chargeId: string;
  refundId: string | null;
  debit: 'cardholder' | 'merchant';
  credit: 'cardholder' | 'merchant';
  amountMinor: number;
  currency: Money['currency'];
};

/** Decides a charge: the charge as it is stored for ever, and the ledger movement unless the card is declined. */
export function decideCharge(
  request: ChargeCreate,
  made: { id: string; at: Date },
): { charge: Charge; movement: LedgerMovement | null } {
  const { declineCode } = cardBehaviour(request.payment.token);
  const charge: Charge = {
    id: made.id,
    status: declineCode === null ? 'succeeded' : 'declined',
    declineCode,
    amount: request.amount,
    refunded: { amountMinor: 0, currency: request.amount.currency },
    reference: request.reference,
    createdAt: made.at.toISOString(),
  };
  if (declineCode !== null) return { charge, movement: null };
  return {
    charge,
    movement: {
      kind: 'capture',
      chargeId: charge.id,
      refundId: null,
      debit: 'cardholder',
      credit: 'merchant',
      amountMinor: request.amount.amountMinor,
      currency: request.amount.currency,
    },
  };
}

/**
 * Decides a refund of `charge`, whose `refunded` is what has been given back so far.
 * Throws `unprocessable` when the charge was declined, the currency differs, or more would go back than was captured.
 */
export function decideRefund(
  charge: Charge,
  amount: Money,
  made: { id: string; at: Date },
): { refund: Refund; movement: LedgerMovement } {
  if (charge.status !== 'succeeded') {
    throw new AppError('unprocessable', `charge ${charge.id} was declined; there is nothing to refund`);
  }
  if (amount.currency !== charge.amount.currency) {
    throw new AppError(
      'unprocessable',
      `charge ${charge.id} is in ${charge.amount.currency}; a refund in ${amount.currency} is impossible`,
    );
  }
  if (amount.amountMinor < 1) {
    throw new AppError('unprocessable', `a refund of charge ${charge.id} must be at least 1 minor unit`);
  }
  const left = charge.amount.amountMinor - charge.refunded.amountMinor;
  if (amount.amountMinor > left) {
    throw new AppError(
      'unprocessable',
      `charge ${charge.id} has ${left} ${charge.amount.currency} minor units left to refund; ${amount.amountMinor} were asked for`,
    );
  }
  return {
    refund: { id: made.id, chargeId: charge.id, amount, createdAt: made.at.toISOString() },
    movement: {
      kind: 'refund',
      chargeId: charge.id,
      refundId: made.id,
      debit: 'merchant',
      credit: 'cardholder',
      amountMinor: amount.amountMinor,
      currency: amount.currency,
    },
  };
}
