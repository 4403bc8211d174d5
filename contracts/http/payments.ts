import { z } from 'zod';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { PaymentMethod } from './orders.ts';
import { defineRoute } from './route.ts';

/** API of the simulated payment provider (`payments`), as an outside company would publish it. Needs `Authorization: Bearer <PAYMENTS_API_KEY>`. */
export const ChargeCreate = z
  .object({ amount: Money, payment: PaymentMethod, reference: Uuid.describe('Our order id') })
  .strict();
export type ChargeCreate = z.infer<typeof ChargeCreate>;

export const DeclineCode = z.enum(['card_declined', 'insufficient_funds', 'expired_card']);
export type DeclineCode = z.infer<typeof DeclineCode>;

export const Charge = z.object({
  id: z.string().describe('ch_…'),
  status: z.enum(['succeeded', 'declined']),
  declineCode: DeclineCode.nullable(),
  amount: Money,
  refunded: Money,
  reference: Uuid,
  createdAt: Instant,
});
export type Charge = z.infer<typeof Charge>;

export const createCharge = defineRoute({
  method: 'POST',
  path: '/v1/charges',
  summary: 'Charge a card',
  description:
    'A declined card is a 200 with status declined: the provider did its work. Same Idempotency-Key, same answer.',
  headers: z.object({ 'idempotency-key': z.string().min(8).max(128) }),
  body: ChargeCreate,
  responses: { 200: Charge },
  errors: {
    conflict: 'The answer that belongs to the idempotency key is gone; try again',
    unprocessable: 'The body is not valid, or the idempotency key belongs to another body',
    unavailable: 'The card network does not answer; nothing was charged',
  },
  apiKey: true,
});

export const Refund = z.object({
  id: z.string().describe('re_…'),
  chargeId: z.string(),
  amount: Money,
  createdAt: Instant,
});
export type Refund = z.infer<typeof Refund>;
export const createRefund = defineRoute({
  method: 'POST',
  path: '/v1/refunds',
  summary: 'Refund a charge, whole or in part',
  headers: z.object({ 'idempotency-key': z.string().min(8).max(128) }),
  body: z.object({ chargeId: z.string(), amount: Money }).strict(),
  responses: { 200: Refund },
  errors: {
    not_found: 'There is no such charge',
    conflict: 'The answer that belongs to the idempotency key is gone; try again',
    unprocessable: 'The body is not valid, there is less to refund, or the idempotency key belongs to another body',
  },
  apiKey: true,
});

export const listCharges = defineRoute({
  method: 'GET',
  path: '/v1/charges',
  summary: 'Charges by reference',
  query: z.object({ reference: Uuid.optional(), limit: z.coerce.number().int().min(1).max(1000).default(100) }),
  responses: { 200: z.object({ charges: z.array(Charge) }) },
  apiKey: true,
});
