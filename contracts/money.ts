import { z } from 'zod';

/** ISO 4217 codes that the reference shop trades in; all have two minor digits. */
export const Currency = z.enum(['EUR', 'USD', 'GBP']);
export type Currency = z.infer<typeof Currency>;

/** An amount of money in integer minor units: `{ amountMinor: 1999, currency: 'EUR' }` is € 19.99. */
export const Money = z.object({
  amountMinor: z.int().nonnegative().describe('Amount in minor units (cents)'),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;
