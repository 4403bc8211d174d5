import { z } from 'zod';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { CancelReason } from './orders.ts';
import { DeclineCode } from './payments.ts';
import { defineRoute } from './route.ts';

/**
 * Where a payment is. `pending`: the charge was begun and its outcome is not known yet. `voided`: forbidden before it
 * was made. `refunded`: made and given back.
 */
export const PaymentStatus = z.enum(['pending', 'succeeded', 'failed', 'voided', 'refunded']);
export type PaymentStatus = z.infer<typeof PaymentStatus>;

/** Accounts of the double-entry ledger. Positive amounts are debits, negative amounts credits. */
export const LedgerAccount = z.enum(['provider_receivable', 'sales']);
export type LedgerAccount = z.infer<typeof LedgerAccount>;

export const LedgerEntry = z.object({
  transactionId: Uuid.describe('Entries of one transaction sum to 0 per currency'),
  account: LedgerAccount,
  amountMinor: z.int().describe('Minor units; positive debit, negative credit'),
  currency: Money.shape.currency,
  kind: z.enum(['charge', 'refund']),
  providerReference: z.string().describe('Id of the charge (ch_…) or refund (re_…) at the provider'),
  recordedAt: Instant,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** What billing knows about the money of one order. */
export const Payment = z.object({
  id: Uuid,
  orderId: Uuid,
  customerId: Uuid,
  status: PaymentStatus,
  amount: Money,
  chargeId: z.string().nullable().describe('Charge at the provider; null unless it succeeded'),
  declineCode: DeclineCode.nullable().describe('null unless failed'),
  undoReason: CancelReason.nullable().describe('Why the payment is to be undone; null while nobody wants that'),
  refund: z
    .object({
      refundId: z.string().nullable().describe('null until the provider has answered'),
      attempts: z.int(),
      nextAttemptAt: Instant.nullable().describe('null when it is done'),
      lastError: z.string().nullable(),
    })
    .nullable()
    .describe('null when none is due'),
  ledger: z.array(LedgerEntry),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Payment = z.infer<typeof Payment>;

export const listPayments = defineRoute({
  method: 'GET',
  path: '/payments',
  summary: 'Payments with their ledger entries, newest first',
  query: z.object({
    orderId: Uuid.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  }),
  responses: { 200: z.object({ payments: z.array(Payment) }) },
  roles: ['operator', 'auditor'],
});
