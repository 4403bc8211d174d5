// Apart from money.ts, so that a browser which only formats loads no validator.
import type { Currency, Money } from './money.ts';

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
