import { z } from 'zod';
import { longestPaymentTimeoutMs } from '#contracts/http/orders.ts';
import { databaseEnv, identityEnv, kafkaEnv } from '#kit/env.ts';

/**
 * A promise outlives every deadline of a saga that is alive: the longest time that an order may have to be paid, and the
 * longest pause after which an undoing that got no answer is asked for again.
 */
export const reservationTtlMs = longestPaymentTimeoutMs + 300_000;

/** What inventory needs besides the base variables. */
export const env = {
  ...databaseEnv,
  ...kafkaEnv,
  ...identityEnv,
  RESERVATION_TTL_MS: z.coerce
    .number()
    .int()
    .min(1_000)
    .max(86_400_000)
    .default(reservationTtlMs)
    .describe('How long stock is promised to an order of which nothing more is heard'),
};
