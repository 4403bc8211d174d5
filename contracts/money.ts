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

const twoDigits = (currency: Currency) => new Intl.NumberFormat('en-GB', { style: 'currency', currency });
/** Made once: making one costs as much as a hundred uses, and an invoice formats a dozen amounts. */
const formats: Record<Currency, Intl.NumberFormat> = {
  EUR: twoDigits('EUR'),
  USD: twoDigits('USD'),
  GBP: twoDigits('GBP'),
};

/** `formatMoney({ amountMinor: 1999, currency: 'EUR' })` → `€19.99` (en-GB, always two digits). */
export function formatMoney(money: Money): string {
  return formats[money.currency].format(money.amountMinor / 100);
}
