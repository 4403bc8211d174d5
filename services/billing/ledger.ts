import type { LedgerAccount } from '#contracts/http/billing.ts';
import type { Money } from '#contracts/money.ts';

/** A signed posting: debit positive, credit negative, minor units. */
export type Posting = { account: LedgerAccount; amountMinor: number; currency: Money['currency'] };

/** One movement of money as it is booked, for ever; its entries sum to 0 in each currency. */
export type LedgerTransaction = {
  id: string;
  paymentId: string;
  kind: 'charge' | 'refund';
  providerReference: string;
  entries: Posting[];
};

/** A captured charge: the provider owes us the amount, and we have sold for it. */
export function chargeEntries(amount: Money): Posting[] {
  return [
    { account: 'provider_receivable', amountMinor: amount.amountMinor, currency: amount.currency },
    { account: 'sales', amountMinor: -amount.amountMinor, currency: amount.currency },
  ];
}

/** A refund: the charge with its signs turned round. */
export function refundEntries(amount: Money): Posting[] {
  return chargeEntries(amount).map((entry) => ({ ...entry, amountMinor: -entry.amountMinor }));
}
